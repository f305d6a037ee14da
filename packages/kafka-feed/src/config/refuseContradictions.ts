import type { z } from '@soar-feed/core';
import type { KafkaFeedSection } from './keys.js';

type Given = Readonly<Partial<KafkaFeedSection>>;

interface Rule {
  readonly key: keyof Given & string;
  readonly problem: string;
  readonly isBroken: (given: Given) => boolean;
}

const isSasl = (given: Given): boolean => String(given['security.protocol'] ?? '').startsWith('sasl');
const isTls = (given: Given): boolean => /ssl$/.test(String(given['security.protocol'] ?? ''));
const isLogin = (given: Given): boolean => /^(PLAIN|SCRAM)/.test(given['sasl.mechanism'] ?? '');
const isOauth = (given: Given): boolean => given['sasl.mechanism'] === 'OAUTHBEARER';

const neededBy = (
  key: Rule['key'],
  what: string,
  applies: (given: Given) => boolean,
  isThere = (given: Given) => given[key] !== undefined,
): Rule => ({
  key,
  problem: `is missing; ${what} needs it`,
  isBroken: (given) => applies(given) && !isThere(given),
});

const RULES: readonly Rule[] = [
  {
    key: 'topic_map',
    problem: 'is missing, and so is topic; say which topic each type goes to, such as topic_map=default=soar',
    isBroken: (given) => given.topic_map === undefined && given.topic === undefined,
  },
  {
    key: 'topic',
    problem: 'contradicts the default of topic_map: both say where all other types go; keep one of the two',
    isBroken: (given) => given.topic !== undefined && given.topic_map instanceof Map && given.topic_map.has('default'),
  },
  {
    key: 'compression.type',
    problem: 'must be none or gzip with client=kafkajs, which has no other codec; or set client=platformatic',
    isBroken: (given) => given.client === 'kafkajs' && /snappy|lz4|zstd/.test(given['compression.type'] ?? ''),
  },
  {
    key: 'enable.idempotence',
    problem: 'needs acks=all; remove acks=1, or set enable.idempotence=false',
    isBroken: (given) => given['enable.idempotence'] === true && given.acks === '1',
  },
  {
    key: 'sasl.mechanism',
    problem:
      'is GSSAPI (Kerberos), which no Kafka client for Node supports without native libraries; let the brokers offer SCRAM or OAUTHBEARER',
    isBroken: (given) => given['sasl.mechanism'] === 'GSSAPI',
  },
  neededBy('sasl.mechanism', 'a security.protocol with SASL', isSasl),
  neededBy('sasl.username', 'sasl.mechanism', (given) => isSasl(given) && isLogin(given)),
  neededBy('sasl.password', 'sasl.mechanism', (given) => isSasl(given) && isLogin(given)),
  neededBy('sasl.oauthbearer.token.endpoint.url', 'OAUTHBEARER', (given) => isSasl(given) && isOauth(given)),
  neededBy('sasl.oauthbearer.client.id', 'OAUTHBEARER', (given) => isSasl(given) && isOauth(given)),
  neededBy('sasl.oauthbearer.client.secret', 'OAUTHBEARER', (given) => isSasl(given) && isOauth(given)),
  {
    key: 'security.protocol',
    problem: 'does not log in, but sasl.mechanism is set; set sasl_ssl, or remove the sasl keys',
    isBroken: (given) => given['sasl.mechanism'] !== undefined && !isSasl(given),
  },
  {
    key: 'security.protocol',
    problem: 'does not use TLS, but ssl.ca.location or ssl.certificate.location is set; set ssl or sasl_ssl',
    isBroken: (given) => !isTls(given) && (given['ssl.ca.location'] ?? given['ssl.certificate.location']) !== undefined,
  },
  neededBy('ssl.key.location', 'ssl.certificate.location', (given) => given['ssl.certificate.location'] !== undefined),
  neededBy('ssl.certificate.location', 'ssl.key.location', (given) => given['ssl.key.location'] !== undefined),
];

/** Contradictions between keys; also looked for when a key is faulty, so that one report holds everything. */
export function refuseContradictions(section: Given, context: z.core.$RefinementCtx<unknown>): void {
  for (const { key, problem, isBroken } of RULES) {
    if (isBroken(section)) context.issues.push({ code: 'custom', path: [key], message: problem, input: section });
  }
}
