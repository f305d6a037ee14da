import { field, z } from '@soar-feed/core';
import { parseBrokers } from './brokers.js';
import { parseTopicMap, parseTopicTemplate } from './topicMap.js';

const topics = {
  topic_map: field
    .parsed(parseTopicMap, {
      accepts: 'type=topic;type=topic;default=topic',
      doc: 'Topic of each type; default: the topic of all others.',
    })
    .optional(),
  topic: field
    .parsed(parseTopicTemplate, {
      accepts: 'a topic, with {type} for the type’s name and {org} for the organization’s id',
      doc: 'Topic of every type that topic_map does not name, such as soar.{type}.',
    })
    .optional(),
};

const messages = {
  tombstones: field
    .flag({ doc: 'A delete has no value, so that a compacted topic forgets the object; else it has the last values.' })
    .default(false),
  content: field
    .choice(['none', 'base64'], {
      doc: 'base64: content holds the bytes of attachments and file artifacts (needs include_attachment_data).',
    })
    .default('none'),
  batch_size: field
    .integer({
      min: 1,
      max: 10_000,
      alias: 'batch.num.messages',
      unit: 'messages',
      doc: 'How many travel together at most.',
    })
    .default(500),
};

/** IBM hands every other key to librdkafka: those that mean something here, by librdkafka's names. */
const producer = {
  'bootstrap.servers': field.parsed(parseBrokers, {
    alias: 'metadata.broker.list',
    accepts: 'host:port, several separated by commas',
    doc: 'Brokers to begin with.',
  }),
  'client.id': field
    .text({ pattern: /^\S+$/, accepts: 'text without blanks', doc: 'How brokers know the feed.' })
    .default('soar-feed'),
  acks: field
    .choice(['all', '-1', '1'], {
      alias: 'request.required.acks',
      doc: 'Who must have a message before it counts as delivered: all replicas in sync, or (1) the leader only.',
    })
    .default('all'),
  'enable.idempotence': field
    .flag({ doc: 'Brokers drop what a client sends twice; default: true, false with acks=1.' })
    .optional(),
  'compression.type': field
    .choice(['none', 'gzip', 'snappy', 'lz4', 'zstd'], {
      alias: 'compression.codec',
      doc: 'How batches are compressed; kafkajs knows gzip only.',
    })
    .default('none'),
  'linger.ms': field
    .duration({
      bareUnit: 'ms',
      max: 60_000,
      alias: 'queue.buffering.max.ms',
      doc: 'How long a batch waits for more messages.',
    })
    .default(10),
  'batch.size': field
    .bytes({ min: 1_000, doc: 'How much a request sends to one topic at most, uncompressed.' })
    .default(1_000_000),
  'message.max.bytes': field
    .bytes({ min: 1_000, doc: 'Larger messages are refused; such an object is parked. The topic has its own limit.' })
    .default(1_000_000),
  'message.timeout.ms': field
    .duration({
      bareUnit: 'ms',
      min: 100,
      max: 600_000,
      alias: 'delivery.timeout.ms',
      doc: 'How long a request may take before it is tried again.',
    })
    .default(30_000),
  'request.timeout.ms': field
    .duration({
      bareUnit: 'ms',
      min: 100,
      max: 600_000,
      doc: 'How long a broker may wait for the replicas; at most message.timeout.ms.',
    })
    .default(30_000),
  'metadata.max.age.ms': field
    .duration({
      bareUnit: 'ms',
      min: 1_000,
      alias: 'topic.metadata.refresh.interval.ms',
      doc: 'How soon a changed number of partitions is noticed.',
    })
    .default(60_000),
  retries: field
    .integer({ min: 0, alias: 'message.send.max.retries', doc: 'No effect: soar-feed itself tries again.' })
    .optional(),
};

const security = {
  'security.protocol': field
    .choice(['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'], {
      doc: 'TLS (ssl), login (sasl), both or neither.',
      unchecked: (value) =>
        value === 'sasl_plaintext'
          ? 'sends the login without TLS, so whoever stands between can read it; set security.protocol=sasl_ssl'
          : undefined,
    })
    .default('plaintext'),
  'sasl.mechanism': field
    .choice(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'GSSAPI'], {
      alias: 'sasl.mechanisms',
      doc: 'How to log in; GSSAPI (Kerberos) is not supported.',
    })
    .optional(),
  'sasl.username': field.text({ doc: 'User of PLAIN and SCRAM.' }).optional(),
  'sasl.password': field.secret({ doc: 'Password of PLAIN and SCRAM.' }).optional(),
  'sasl.oauthbearer.method': field.choice(['oidc'], { doc: 'How OAUTHBEARER gets its tokens.' }).optional(),
  'sasl.oauthbearer.token.endpoint.url': field
    .url({
      protocols: ['https', 'http'],
      doc: 'Where OAUTHBEARER gets its tokens (client credentials).',
      unchecked: (value) =>
        String(value).startsWith('http:')
          ? 'gets the client secret without TLS, so whoever stands between can read it; use https'
          : undefined,
    })
    .optional(),
  'sasl.oauthbearer.client.id': field.text({ doc: 'Client id of OAUTHBEARER.' }).optional(),
  'sasl.oauthbearer.client.secret': field.secret({ doc: 'Client secret of OAUTHBEARER.' }).optional(),
  'sasl.oauthbearer.scope': field.text({ doc: 'Scope that OAUTHBEARER asks for.' }).optional(),
  'ssl.ca.location': field.path({ doc: 'PEM file of the authorities to trust.' }).optional(),
  'ssl.certificate.location': field.path({ doc: 'PEM file of the client’s certificate.' }).optional(),
  'ssl.key.location': field.path({ doc: 'PEM file of the client’s key.' }).optional(),
  'ssl.key.password': field.secret({ doc: 'Password of ssl.key.location.' }).optional(),
  'enable.ssl.certificate.verification': field
    .flag({
      doc: 'Whether the brokers’ certificates are checked.',
      unchecked: (value) =>
        value === false
          ? 'is false: no certificate is checked, so anybody in between can read and change everything; set ssl.ca.location instead'
          : undefined,
    })
    .default(true),
  'ssl.endpoint.identification.algorithm': field
    .choice(['https', 'none'], { doc: 'https: a certificate must name the broker’s host.' })
    .default('https'),
};

/** The section of a feed with `class=KafkaFeed`: IBM's keys, librdkafka's as far as they have a meaning here, and ours. */
export const keys = z.looseObject({
  ...topics,
  client: field
    .choice(['kafkajs', 'platformatic'], { doc: 'The library that speaks to Kafka; platformatic is installed apart.' })
    .default('kafkajs'),
  ...messages,
  selftest_timeout: field
    .duration({ min: 100, max: 600_000, doc: 'How long a start and a check wait for the brokers.' })
    .default(10_000),
  ...producer,
  ...security,
});

export type KafkaFeedSection = z.output<typeof keys>;
