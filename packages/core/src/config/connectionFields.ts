import type { SoarConnection } from '@soar-feed/soar-client';
import type { z } from 'zod';
import { field } from './field.js';

/**
 * The keys that say how to reach an organization and as whom: the same in `[resilient]` (the source) and in the section
 * of a feed that writes to another organization. Put `withConnectionRules` around the schema that holds them.
 */
export const connectionFields = {
  host: field.text({
    doc: 'Server name of SOAR, for REST.',
    pattern: /^(?:[\w.-]+|\[[0-9a-fA-F:.]+\]|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$/,
    accepts: 'a host name without scheme, port or path',
  }),
  port: field.integer({ min: 1, max: 65_535, doc: 'REST port.' }).default(443),
  org: field.text({ doc: 'Organization by name, uuid, cloud_account or id.' }).optional(),
  api_key_id: field.text({ doc: 'Id of the API key; with it, email and password are not used.' }).optional(),
  api_key_secret: field.secret({ doc: 'Secret of the API key.' }).optional(),
  email: field
    .text({ doc: 'E-mail address of the account, where no API key is used.', unusedBeside: 'api_key_id' })
    .optional(),
  password: field.secret({ doc: 'Password of the account.', unusedBeside: 'api_key_id' }).optional(),
  cafile: field
    .pathOrFalse({
      doc: 'PEM file of the certificate authorities to trust, or a folder of such files; false turns certificate verification off.',
    })
    .optional(),
  client_auth_cert: field.path({ doc: 'PEM file of the TLS client certificate.' }).optional(),
  client_auth_key: field.path({ doc: 'PEM file of the key to the TLS client certificate.' }).optional(),
  proxy_host: field.text({ doc: 'HTTP proxy for REST; without it HTTPS_PROXY and NO_PROXY are honoured.' }).optional(),
  // IBM's templates write proxy_port=0 for "none".
  proxy_port: field.integer({ min: 0, max: 65_535, doc: 'Port of the HTTP proxy.' }).optional(),
  proxy_user: field.text({ doc: 'User at the HTTP proxy.' }).optional(),
  proxy_password: field.secret({ doc: 'Password at the HTTP proxy.' }).optional(),
  resource_prefix: field.text({ doc: 'Path before /rest, as Cloud Pak for Security has it.' }).optional(),
  request_timeout: field
    .duration({ min: 1000, doc: 'Longest silence of the server while a request is answered.' })
    .optional(),
  request_max_retries: field
    .integer({ min: 0, max: 100, doc: 'How often a request is repeated, where that is safe.' })
    .optional(),
  request_retry_delay: field.duration({ doc: 'Wait before the first repeat.' }).optional(),
  request_retry_backoff: field
    .number({ min: 1, max: 10, doc: 'Factor by which each further wait is longer.' })
    .optional(),
  max_retry_after: field
    .duration({
      min: 1000,
      doc: 'Longest pause that the server may ask for (Retry-After); a longer one is cut to this.',
    })
    .default(5 * 60_000),
  max_answer: field
    .bytes({ doc: 'Largest answer or file of the server, uncompressed; an object with a larger one is parked.' })
    .default(256 * 1024 * 1024),
};

export type ConnectionSection = z.output<z.ZodObject<typeof connectionFields>>;

/**
 * Used when the file sets only some of the retry keys: soar-client's own defaults, small because the engine retries
 * too.
 */
const RETRIES = { max: 2, delayMs: 500, backoff: 2 };

/** How to reach the organization, for soar-client; without the queue. */
export function toConnection(section: ConnectionSection): SoarConnection {
  const { api_key_id: apiKeyId, api_key_secret: apiKeySecret, email, password } = section;
  const { request_max_retries: max, request_retry_delay: delayMs, request_retry_backoff: backoff } = section;
  const retries = defined({ max, delayMs, backoff });
  return {
    host: section.host,
    port: section.port,
    ...defined({ org: section.org, cafile: section.cafile }),
    // Passes on one login only, the one IBM would choose, so that no user of the settings can pick the other.
    ...(apiKeyId === undefined ? defined({ email, password }) : defined({ apiKeyId, apiKeySecret })),
    ...(section.client_auth_cert !== undefined && section.client_auth_key !== undefined
      ? { clientCert: { certFile: section.client_auth_cert, keyFile: section.client_auth_key } }
      : {}),
    ...(section.proxy_host !== undefined && section.proxy_port
      ? {
          proxy: {
            host: section.proxy_host,
            port: section.proxy_port,
            ...defined({ user: section.proxy_user, password: section.proxy_password }),
          },
        }
      : {}),
    ...defined({ resourcePrefix: section.resource_prefix, timeoutMs: section.request_timeout }),
    maxRetryAfterMs: section.max_retry_after,
    maxAnswerBytes: section.max_answer,
    ...(Object.keys(retries).length === 0 ? {} : { retries: { ...RETRIES, ...retries } }),
  };
}

/** Drops the keys without a value, as `exactOptionalPropertyTypes` requires. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

type Keys = Readonly<Partial<Record<keyof ConnectionSection, unknown>>>;

interface Rule {
  readonly key: keyof ConnectionSection;
  readonly problem: string;
  readonly holds: (given: Keys) => boolean;
}

const RULES: readonly Rule[] = [
  {
    key: 'api_key_id',
    problem:
      'neither an API key nor an e-mail login is given; set api_key_id and api_key_secret, or email and password',
    holds: (s) => [s.api_key_id, s.api_key_secret, s.email, s.password].some((value) => value !== undefined),
  },
  {
    key: 'api_key_secret',
    problem: 'is missing beside api_key_id; set it, or remove api_key_id',
    holds: (s) => s.api_key_id === undefined || s.api_key_secret !== undefined,
  },
  {
    key: 'api_key_id',
    problem: 'is missing beside api_key_secret; set it, or remove api_key_secret',
    holds: (s) => s.api_key_secret === undefined || s.api_key_id !== undefined,
  },
  {
    key: 'password',
    problem: 'is missing beside email; set it (nobody is asked for it at start)',
    holds: (s) => s.api_key_id !== undefined || s.email === undefined || s.password !== undefined,
  },
  {
    key: 'email',
    problem: 'is missing beside password; set it, or use an API key',
    holds: (s) => s.api_key_id !== undefined || s.password === undefined || s.email !== undefined,
  },
  {
    key: 'client_auth_key',
    problem: 'is missing beside client_auth_cert; set both or neither',
    holds: (s) => s.client_auth_cert === undefined || s.client_auth_key !== undefined,
  },
  {
    key: 'client_auth_cert',
    problem: 'is missing beside client_auth_key; set both or neither',
    holds: (s) => s.client_auth_key === undefined || s.client_auth_cert !== undefined,
  },
  {
    key: 'proxy_port',
    problem: 'is missing beside proxy_host; set it, or remove proxy_host',
    holds: (s) => s.proxy_host === undefined || Boolean(s.proxy_port),
  },
];

/**
 * Adds checks that need more than one key: contradictions between them. They also run when a key is faulty, so that one
 * report holds everything.
 */
export function withConnectionRules<Schema extends z.ZodObject<typeof connectionFields>>(schema: Schema): Schema {
  return RULES.reduce(
    (ruled, { key, problem, holds }) =>
      ruled.refine((value) => holds(value as Keys), { path: [key], error: problem, when: () => true }),
    schema,
  );
}
