import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { DeliverContext, FeedEvent } from '@soar-feed/core';
import { Partitioners } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aDelete, anIncident, aNote, aTask, recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import type { KafkaFeed } from '../src/index.js';
import { KafkaRelay } from './support/KafkaRelay.js';
import { MockKafka } from './support/mockKafka.js';
import { readTopic } from './support/readTopic.js';
import { kafkaFeed } from './support/settings.js';
import { CLIENTS, describeWithLibrdkafka, forMock, newTopic, programs } from './support/services.js';

const log = recordingLogger();
const context = (attempt = 1): DeliverContext => ({ signal: new AbortController().signal, attempt, log });
const OPEN = { signal: new AbortController().signal };

/** Codes of the protocol. */
const CODES = { unknownTopic: 3, notLeader: 6, tooLarge: 10, unauthorized: 29 };

describeWithLibrdkafka('a cluster of mock brokers', () => {
  let cluster: MockKafka;
  let relay: KafkaRelay;
  let topic: string;
  let feed: KafkaFeed | undefined;

  beforeAll(async () => {
    cluster = await MockKafka.start(programs, 2);
  });
  afterAll(() => cluster.kill());
  beforeEach(async () => {
    relay = await KafkaRelay.start(cluster.bootstrap, { isModern: true });
    topic = newTopic();
  });
  afterEach(async () => {
    await cluster.acceptMessages();
    await feed?.close();
    await relay.down();
  });

  async function opened(client: string, extra: Readonly<Record<string, string>> = {}): Promise<KafkaFeed> {
    const section = { client, 'bootstrap.servers': relay.bootstrap, topic_map: `default=${topic}`, ...forMock(client) };
    feed = kafkaFeed({ ...section, ...extra }, log);
    await feed.open(OPEN);
    return feed;
  }
  const stored = () => readTopic(programs.path('readTopic'), cluster.bootstrap, topic);
  const outcome = (target: KafkaFeed, event: FeedEvent, attempt = 1) =>
    target.deliver(event, context(attempt)).then(
      ({ status }) => status,
      ({ kind, code }: { kind: string; code: string }) => `${kind} ${code}`,
    );

  describe.each(CLIENTS)('client=%s', (client) => {
    it('puts all objects of an incident into one partition, the one of Kafka’s default partitioner', async () => {
      await cluster.makeTopic(topic, 7);
      const target = await opened(client);
      const incidents = Array.from({ length: 20 }, (_, at) => 4_000 + at * 37);
      await target.deliverBatch(
        incidents.flatMap((incidentId) => [anIncident({ incidentId }), aTask({ incidentId, objectId: incidentId })]),
        context(),
      );
      const choose = Partitioners.DefaultPartitioner();
      const expected = (inc: string) =>
        choose({ topic, partitionMetadata: Array(7).fill({}) as never, message: { key: inc, value: null } });
      const messages = await stored();
      expect(messages).toHaveLength(40);
      for (const { partition, headers } of messages) expect(partition).toBe(expected(headers['inc_id'] ?? ''));
      expect(new Set(messages.map(({ partition }) => partition)).size).toBeGreaterThan(4);
    });

    it('keeps the order of an object’s messages, within a batch and over batches', async () => {
      const target = await opened(client);
      const named = (name: string) => anIncident({ payload: { name } });
      await target.deliverBatch([named('1'), aTask(), named('2'), named('3'), aDelete(named('4'))], context());
      await target.deliverBatch([named('5'), aNote(), named('6')], context());
      const ofIncident = (await stored()).filter(({ key }) => key === '201/incident/2100');
      expect(ofIncident.map(({ value }) => (JSON.parse(value ?? '') as { name: string }).name)).toEqual(
        ['1', '2', '3', null, '5', '6'].map((name) => name),
      );
    });

    it('defect: a refused message was logged and lost; now the one is refused for ever, its neighbours arrive', async () => {
      const target = await opened(client, { 'message.max.bytes': '20000' });
      const large = anIncident({ incidentId: 4_002, payload: { name: 'n'.repeat(30_000) } });
      const events = [anIncident({ incidentId: 4_001 }), large, anIncident({ incidentId: 4_003 })];
      const outcomes = await target.deliverBatch(events, context());
      expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'failed', 'delivered']);
      expect((outcomes[1] as { error: Error }).error.message).toMatch(
        /^The message of incident 4002 has \d+ bytes, more than message.max.bytes \(20000\)/,
      );
      expect(await stored()).toHaveLength(2);
    });

    it('takes the topic’s own limit for the message’s fault, and tells the object', async () => {
      const target = await opened(client);
      await cluster.refuseMessages(CODES.tooLarge, 1);
      const error = await target.deliver(aTask(), context()).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ kind: 'permanent', code: 'kafka-message-too-large' });
      expect((error as Error).message).toContain(`${topic} does not take the`);
      expect((error as Error).message).toContain('task 310 of incident 2100');
    });

    it('tries again what a broker cannot take now, and does not blame the object', async () => {
      const target = await opened(client);
      await cluster.refuseMessages(CODES.notLeader, 4);
      expect(await outcome(target, anIncident())).toBe('retryable kafka-retry');
      await cluster.acceptMessages();
      expect(await outcome(target, anIncident(), 2)).toBe('delivered');
    });

    it('says which topic the account may not write to', async () => {
      const target = await opened(client);
      await cluster.refuseMessages(CODES.unauthorized, 1);
      const error = await target.deliver(aTask(), context()).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ kind: 'permanent', code: 'kafka-topic-refused' });
      expect((error as Error).message).toContain(`topic ${topic} (TOPIC_AUTHORIZATION_FAILED)`);
    });

    it('tells a topic that does not exist: at the start, by its health, and for good at the third attempt', async () => {
      await cluster.refuseTopic(topic, CODES.unknownTopic);
      const target = await opened(client);
      expect(log.lines.at(-1)).toMatchObject({ fields: { event: 'kafka.topics-missing', topics: [topic] } });
      expect(await target.health(OPEN)).toMatchObject({ state: 'degraded', detail: expect.stringContaining(topic) });
      expect(await outcome(target, anIncident(), 1)).toBe('retryable kafka-topic-missing');
      expect(await outcome(target, anIncident(), 3)).toBe('permanent kafka-topic-missing');
      await cluster.refuseTopic(topic, 0);
      expect(await outcome(target, anIncident(), 4)).toBe('delivered');
    });

    it('skips a type without a topic, and says why', async () => {
      const target = await opened(client, { topic_map: `incident=${topic}` });
      expect(await target.deliver(aTask(), context())).toEqual({
        status: 'skipped',
        reason: 'no topic is mapped to this type',
      });
      expect(await outcome(target, anIncident())).toBe('delivered');
    });

    it('holds an incident’s later events back while an earlier one could not be sent', async () => {
      const target = await opened(client);
      await relay.down();
      const events = [anIncident(), anIncident({ payload: { vers: 2 } }), aTask()];
      const outcomes = await target.deliverBatch(events, context());
      expect(outcomes.map((one) => (one as { error?: { kind?: string } }).error?.kind)).toEqual(
        events.map(() => 'unavailable'),
      );
      await relay.up();
      expect(await stored()).toHaveLength(0);
    });

    it('leaves no connection behind, whenever it is closed', async () => {
      const target = await opened(client);
      await outcome(target, anIncident());
      expect(relay.connections).toBeGreaterThan(0);
      await target.close();
      await relay.idle();
      const other = kafkaFeed(
        { client, 'bootstrap.servers': '127.0.0.1:1', topic_map: 'default=x', selftest_timeout: '500ms' },
        log,
      );
      await expect(other.open(OPEN)).rejects.toMatchObject({ kind: 'unavailable', code: 'kafka-unreachable' });
      await other.close();
      expect(await other.health(OPEN)).toMatchObject({ state: 'down' });
    });

    it('gives up an open that nobody answers after selftest_timeout', async () => {
      relay.silence();
      const started = Date.now();
      await expect(opened(client, { selftest_timeout: '400ms' })).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringMatching(/selftest_timeout|[Tt]ime/),
      });
      expect(Date.now() - started).toBeLessThan(5_000);
    });
  });

  describe('TLS', () => {
    let folder: TempFolder;
    beforeAll(async () => {
      folder = await tempFolder();
      for (const name of ['localhost', 'other']) {
        const files = ['-keyout', folder.file(`${name}.key`), '-out', folder.file(`${name}.pem`)];
        const names = name === 'localhost' ? 'IP:127.0.0.1,DNS:localhost' : 'DNS:other.example';
        const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
        execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject], {
          stdio: 'ignore',
        });
      }
    });
    afterAll(() => folder.remove());

    async function behindTls(name: string): Promise<void> {
      await relay.down();
      const [key, cert] = [readFileSync(folder.file(`${name}.key`)), readFileSync(folder.file(`${name}.pem`))];
      relay = await KafkaRelay.start(cluster.bootstrap, { isModern: true, tls: { key, cert } });
    }

    it.each(CLIENTS)('%s checks the brokers’ certificates and their names', async (client) => {
      await behindTls('localhost');
      const tls = { 'security.protocol': 'ssl' };
      await expect(opened(client, tls)).rejects.toMatchObject({ kind: 'unavailable', code: 'kafka-unreachable' });
      const trusted = { ...tls, 'ssl.ca.location': folder.file('localhost.pem') };
      expect(await outcome(await opened(client, trusted), anIncident())).toBe('delivered');
      await feed?.close();
      await expect(opened(client, { ...tls, 'ssl.ca.location': folder.file('none.pem') })).rejects.toThrow(
        'ssl.ca.location',
      );

      await behindTls('other');
      const wrongName = { ...tls, 'ssl.ca.location': folder.file('other.pem') };
      await expect(opened(client, wrongName)).rejects.toMatchObject({ kind: 'unavailable' });
      await opened(client, { ...wrongName, 'ssl.endpoint.identification.algorithm': 'none' });
      await feed?.close();
      await opened(client, { ...tls, 'enable.ssl.certificate.verification': 'false' });
    });
  });
});
