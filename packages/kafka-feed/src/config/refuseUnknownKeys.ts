import { didYouMean } from '@soar-feed/core';
import type { z } from '@soar-feed/core';

const KERBEROS =
  'belongs to Kerberos, which no Kafka client for Node supports without native libraries; let the brokers offer SCRAM or OAUTHBEARER, and remove this key';
const OAUTH =
  'is not supported; of sasl.oauthbearer.* there are method=oidc, token.endpoint.url, client.id, client.secret and scope';
const STORES =
  'is not supported; give certificates and keys as PEM files (ssl.ca.location, ssl.certificate.location, ssl.key.location)';

/** Families of librdkafka's keys that say what to do instead. */
const FAMILIES: readonly (readonly [prefix: string, problem: string])[] = [
  ['sasl.kerberos.', KERBEROS],
  ['sasl.oauthbearer.', OAUTH],
  ['ssl.', STORES],
];

/**
 * IBM hands unknown keys to librdkafka, which does not start with one that it does not know. To ignore a key such as
 * `ssl.ca.loaction` would change what the operator asked for, so nothing unknown is ignored here either.
 */
export function refuseUnknownKeys(known: readonly string[]) {
  return (section: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx<unknown>): void => {
    for (const key of Object.keys(section)) {
      if (known.includes(key)) continue;
      const hint = didYouMean(key, known);
      const family = FAMILIES.find(([prefix]) => key.startsWith(prefix))?.[1];
      const problem =
        hint === undefined
          ? (family ?? 'is not known here: neither a key of this feed nor one of librdkafka’s that has a counterpart')
          : `is not known; did you mean ${hint}?`;
      context.issues.push({ code: 'custom', path: [key], message: problem, input: section });
    }
  };
}
