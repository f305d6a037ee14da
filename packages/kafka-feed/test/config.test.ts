import { rawValues, validateSection } from '@soar-feed/core';
import { describe, expect, it } from '@jest/globals';
import { kafkaFeedConfig } from '../src/index.js';
import { settingsOf } from './support/settings.js';

const LEAST = { 'bootstrap.servers': 'localhost:9092', topic_map: 'default=soar' };

/** `key: problem` of everything that is wrong. */
function problems(section: Readonly<Record<string, string>>): string[] {
  const { issues } = validateSection('kafka_feed', rawValues(section), kafkaFeedConfig, { reserved: ['class'] });
  return issues.map(({ key, problem }) => `${key}: ${problem}`);
}

describe('IBM’s keys', () => {
  it('takes the section of IBM’s template, without its Kerberos', () => {
    const settings = settingsOf({
      'bootstrap.servers': 'ahost:9092',
      topic_map: 'incident=rc_incident; task=rc_task;default=rc_rest;',
      acks: 'all',
      'message.timeout.ms': '5000',
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'PLAIN',
      'sasl.username': 'me',
      'sasl.password': 'secret',
      selftest_timeout: '15',
    });
    expect(settings.connection).toMatchObject({
      brokers: ['ahost:9092'],
      acks: -1,
      idempotent: true,
      requestTimeoutMs: 5_000,
      login: { mechanism: 'PLAIN', username: 'me', password: 'secret' },
      tls: { isVerified: true, isHostChecked: true },
    });
    expect(settings.openTimeoutMs).toBe(15_000);
    expect([...settings.topicMap]).toEqual([
      ['incident', 'rc_incident'],
      ['task', 'rc_task'],
      ['default', 'rc_rest'],
    ]);
  });

  it('defect: a closing ";" in topic_map stopped the start; blanks are removed as IBM does', () => {
    expect([...settingsOf({ ...LEAST, topic_map: ' incident = a b ;; default=c ; ' }).topicMap]).toEqual([
      ['incident', 'ab'],
      ['default', 'c'],
    ]);
  });

  it('defect: a second "=" in topic_map stopped the start with an index error; now it is named', () => {
    expect(problems({ ...LEAST, topic_map: 'incident=a,task=b' })).toEqual([
      expect.stringContaining('topic_map: "incident=a,task=b" has more than one "="; separate the entries with ";"'),
    ]);
    expect(problems({ ...LEAST, topic_map: 'incident' })[0]).toContain('"incident" is not type=topic');
    expect(problems({ ...LEAST, topic_map: 'incident=a/b' })[0]).toContain('"a/b" cannot be the name of a topic');
    expect(problems({ ...LEAST, topic_map: 'task=a;task=b' })[0]).toContain('task has two topics, a and b');
  });

  it('takes librdkafka’s other names of its keys', () => {
    const { connection, batch } = settingsOf({
      topic: 'soar.{type}',
      'metadata.broker.list': 'ssl://one:1, two,[::1]:3',
      'request.required.acks': '1',
      'queue.buffering.max.ms': '50',
      'compression.codec': 'gzip',
      'batch.num.messages': '7',
      'delivery.timeout.ms': '1000',
    });
    expect(connection).toMatchObject({
      brokers: ['one:1', 'two:9092', '[::1]:3'],
      acks: 1,
      idempotent: false,
      compression: 'gzip',
      requestTimeoutMs: 1_000,
      ackTimeoutMs: 1_000,
    });
    expect(batch).toEqual({ maxEvents: 7, maxWaitMs: 50 });
  });
});

describe('what cannot be', () => {
  it('refuses Kerberos with a plain sentence, by each of its keys', () => {
    const found = problems({
      ...LEAST,
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanisms': 'GSSAPI',
      'sasl.kerberos.service.name': 'kafka',
    });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^sasl.mechanism: is GSSAPI \(Kerberos\), which no Kafka client for Node supports/);
    expect(found[1]).toMatch(/^sasl.kerberos.service.name: belongs to Kerberos, .* SCRAM or OAUTHBEARER/);
  });

  it('refuses a key that is not known, with the likely one', () => {
    expect(problems({ ...LEAST, 'bootstrap.server': 'x', 'statistics.interval.ms': '5', tombstone: 'yes' })).toEqual([
      'bootstrap.server: is not known; did you mean bootstrap.servers?',
      expect.stringMatching(/^statistics.interval.ms: is not known here/),
      'tombstone: is not known; did you mean tombstones?',
    ]);
  });

  it('refuses what kafkajs cannot compress with, and not for the other client', () => {
    expect(problems({ ...LEAST, 'compression.type': 'lz4' })).toEqual([
      expect.stringContaining('compression.type: must be none or gzip with client=kafkajs'),
    ]);
    expect(problems({ ...LEAST, 'compression.type': 'lz4', client: 'platformatic' })).toEqual([]);
  });

  it('reports everything at once, and shows no secret', () => {
    const found = problems({
      topic_map: 'x',
      topic: 'soar.{kind}',
      client: 'rdkafka',
      acks: '0',
      'security.protocol': 'sasl_ssl',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.password': 'hunter2hunter2',
      'ssl.key.location': 'key.pem',
      'ssl.keystore.location': 'store.p12',
      'linger.ms': 'soon',
    });
    const keys = found.map((line) => line.slice(0, line.indexOf(':')));
    expect(keys.sort()).toEqual(
      [
        ...['acks', 'bootstrap.servers', 'client', 'linger.ms', 'sasl.username', 'ssl.certificate.location'],
        ...['ssl.keystore.location', 'topic', 'topic_map'],
      ].sort(),
    );
    expect(found.join()).not.toContain('hunter2');
  });

  it.each([
    [{ 'bootstrap.servers': 'a:1' }, 'topic_map: is missing, and so is topic'],
    [{ ...LEAST, topic: 'soar.{type}' }, 'topic: contradicts the default of topic_map'],
    [{ ...LEAST, acks: '1', 'enable.idempotence': 'true' }, 'enable.idempotence: needs acks=all'],
    [{ ...LEAST, 'sasl.mechanism': 'PLAIN' }, 'security.protocol: does not log in'],
    [{ ...LEAST, 'ssl.ca.location': 'ca.pem' }, 'security.protocol: does not use TLS'],
    [{ ...LEAST, 'security.protocol': 'sasl_ssl' }, 'sasl.mechanism: is missing'],
    [{ ...LEAST, 'bootstrap.servers': 'a:70000' }, 'bootstrap.servers: "a:70000" is not host:port'],
  ])('refuses a contradiction: %j', (section, start) => {
    expect(problems(section)).toEqual([expect.stringContaining(start)]);
  });

  it('asks OAUTHBEARER for what it needs', () => {
    const found = problems({ ...LEAST, 'security.protocol': 'sasl_ssl', 'sasl.mechanism': 'OAUTHBEARER' });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'sasl.oauthbearer.token.endpoint.url',
      'sasl.oauthbearer.client.id',
      'sasl.oauthbearer.client.secret',
    ]);
  });
});
