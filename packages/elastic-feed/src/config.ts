import { field, z } from '@soar-feed/core';
import { readAddress } from './address.js';
import { readPrefix } from './indexName.js';

const CHECKS_NOBODY =
  'is false, so nobody checks who answers, and whoever stands between can read and change everything; name the PEM file of the authority instead, or set ca_fingerprint';

/** Rules that need more than one key. They also run when a key is faulty, so that one report holds everything. */
const RULES: readonly { readonly key: string; readonly problem: string; holds(given: Given): boolean }[] = [
  {
    key: 'auth_password',
    problem: 'is missing beside auth_user; set it, or remove auth_user',
    holds: (s) => s.auth_user === undefined || s.auth_password !== undefined,
  },
  {
    key: 'auth_user',
    problem: 'is missing beside auth_password; set it, or remove auth_password',
    holds: (s) => s.auth_password === undefined || s.auth_user !== undefined,
  },
  {
    key: 'api_key',
    problem: 'is given beside auth_user; keep one of the two logins',
    holds: (s) => s.api_key === undefined || s.auth_user === undefined,
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
    holds: (s) => s.proxy_host === undefined || s.proxy_port !== undefined,
  },
  {
    key: 'port',
    problem: 'differs from the port in url; keep one of the two',
    holds: ({ url, port }) => url?.port === undefined || port === undefined || url.port === port,
  },
  {
    key: 'ca_fingerprint',
    problem: 'needs an https url, no cafile and no proxy: the authority is read from the server itself',
    holds: (s) =>
      s.ca_fingerprint === undefined ||
      (s.url?.origin?.startsWith('http:') !== true && s.cafile === undefined && s.proxy_host === undefined),
  },
];

/** The section of a feed with `class=ElasticFeed`: IBM's keys, spelled as IBM does, and our own. */
export const elasticFeedConfig = withRules(
  z.object({
    url: field.parsed(readAddress, {
      accepts: 'a URL starting http:// or https://, with or without a port and a path',
      doc: 'Address of Elasticsearch or OpenSearch.',
      spell: (value) => (value as { origin: string }).origin,
    }),
    port: field.integer({ min: 1, max: 65_535, doc: 'Port, where url has none; default 9200.' }).optional(),
    index_prefix: field
      .parsed(readPrefix, {
        accepts: 'lower-case letters, digits, _, - and .; no _, - or . at the beginning',
        doc: 'Begins the name of every index: resilient_ gives resilient_incident. One per organization.',
      })
      .default('resilient_'),
    flavour: field
      .choice(['auto', 'elasticsearch', 'opensearch'], { doc: 'What answers at url; auto: ask it.' })
      .default('auto'),
    auth_user: field.text({ doc: 'User of the basic login.' }).optional(),
    auth_password: field.secret({ doc: 'Password of auth_user.' }).optional(),
    api_key: field.secret({ doc: 'API key, encoded as the server gives it, or as id:key.' }).optional(),
    cafile: field
      .pathOrFalse({
        doc: 'PEM file of the authorities to trust; default: those of the system. false turns the check off.',
        unchecked: (value) => (value === false ? CHECKS_NOBODY : undefined),
      })
      .optional(),
    ca_fingerprint: field
      .text({
        pattern: /^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i,
        accepts: 'a SHA-256 fingerprint of 64 hexadecimal digits, with or without colons',
        doc: 'Fingerprint of the authority to trust, which the server sends along.',
      })
      .optional(),
    client_auth_cert: field.path({ doc: 'PEM file of the TLS client certificate.' }).optional(),
    client_auth_key: field.path({ doc: 'PEM file of the key to the TLS client certificate.' }).optional(),
    proxy_host: field.text({ doc: 'HTTP proxy.' }).optional(),
    proxy_port: field.integer({ min: 1, max: 65_535, doc: 'Port of the HTTP proxy.' }).optional(),
    proxy_user: field.text({ doc: 'User at the HTTP proxy.' }).optional(),
    proxy_password: field.secret({ doc: 'Password at the HTTP proxy.' }).optional(),
    on_delete: field
      .choice(['remove', 'mark'], {
        doc: 'remove: the document goes with its object; mark: it stays, with "soar_feed.deleted": true.',
      })
      .default('remove'),
    multiselect: field
      .choice(['text', 'array'], { doc: 'text: labels joined by ", ", as IBM writes them; array: a list of labels.' })
      .default('text'),
    document_id: field
      .choice(['object', 'org_object'], {
        doc: 'object: the object’s id, as IBM has it; org_object: <org>-<id>, for several sources in one index.',
      })
      .default('object'),
    content: field
      .choice(['base64', 'none'], {
        doc: 'base64: "content" holds the bytes of files (where include_attachment_data is on).',
      })
      .default('base64'),
    max_content: field
      .bytes({ doc: 'Larger contents are refused; such an object is parked.' })
      .default(25 * 1024 * 1024),
    templates: field
      .flag({
        doc: 'Keep an index template per type, so that an index that somebody deletes comes back with its mapping.',
      })
      .default(true),
    batch_events: field
      .integer({ min: 1, max: 10_000, unit: 'events', doc: 'Most events of one bulk request.' })
      .default(500),
    batch_wait: field
      .duration({ max: 60_000, bareUnit: 'ms', doc: 'Longest wait for more events before a smaller request is sent.' })
      .default(50),
    max_request: field
      .bytes({ min: 1024, doc: 'Largest bulk request; one larger document is sent alone.' })
      .default(10 * 1024 * 1024),
  }),
);

export type ElasticFeedSection = z.output<typeof elasticFeedConfig>;

interface Given {
  /** Still the text where it is faulty. */
  readonly url?: { readonly origin?: string; readonly port?: number };
  readonly port?: number;
  readonly auth_user?: unknown;
  readonly auth_password?: unknown;
  readonly api_key?: unknown;
  readonly cafile?: unknown;
  readonly ca_fingerprint?: unknown;
  readonly client_auth_cert?: unknown;
  readonly client_auth_key?: unknown;
  readonly proxy_host?: unknown;
  readonly proxy_port?: unknown;
}

function withRules<Schema extends z.ZodObject>(schema: Schema): Schema {
  return RULES.reduce(
    (ruled, { key, problem, holds }) =>
      ruled.refine((value) => holds(value as Given), { path: [key], error: problem, when: () => true }),
    schema,
  );
}
