import { parseJson } from '@soar-feed/core';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { anIncident, describeFeedTarget } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { KafkaRelay } from './support/KafkaRelay.js';
import { MISSING_LIBRDKAFKA, MockKafka, Programs } from './support/mockKafka.js';
import { newestByKey, readTopic } from './support/readTopic.js';
import { kafkaFeed } from './support/settings.js';

interface TopicBench extends TargetBench {
  readonly relay: KafkaRelay;
  readonly topic: string;
}

const REAL = process.env['SOAR_FEED_TEST_KAFKA'];
let programs: Programs;
let cluster: MockKafka | undefined;
let bootstrap: string;
let topics = 0;

/** Each client against a real Kafka if `SOAR_FEED_TEST_KAFKA` names its brokers, else against librdkafka's mock brokers. */
if (MISSING_LIBRDKAFKA !== undefined) {
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(MISSING_LIBRDKAFKA);
  it.skip(`needs librdkafka: ${MISSING_LIBRDKAFKA}`, () => undefined);
} else {
  describe(REAL === undefined ? 'mock brokers' : 'real Kafka', () => {
    beforeAll(async () => {
      programs = await Programs.compile();
      if (REAL === undefined) cluster = await MockKafka.start(programs, 3);
      bootstrap = REAL ?? cluster?.bootstrap ?? '';
    });
    afterAll(async () => {
      await cluster?.kill();
      await programs.remove();
    });
    describeFeedTarget(topicCase('kafkajs', {}));
    describeFeedTarget(topicCase('kafkajs', { tombstones: 'true', 'compression.type': 'gzip', content: 'base64' }));
    describeFeedTarget(topicCase('platformatic', {}));
    describeFeedTarget(topicCase('platformatic', { tombstones: 'true', 'compression.type': 'lz4', content: 'base64' }));
  });
}

function topicCase(client: string, extra: Readonly<Record<string, string>>): FeedTargetCase<TopicBench> {
  const named = Object.entries(extra).map(([key, value]) => `, ${key}=${value}`);
  return {
    name: `KafkaFeed (client=${client}${named.join('')})`,
    capabilities: {
      deletes: 'mark',
      content: extra['content'] === 'base64',
      concurrency: 64,
      batch: { maxEvents: 500, maxWaitMs: 10 },
    },
    async make(log) {
      const topic = `contract-${process.pid}-${Date.now()}-${(topics += 1)}`;
      // The mock brokers refuse an idempotent kafkajs, and speak too old a protocol for the other client.
      const isMock = REAL === undefined;
      const relay = await KafkaRelay.start(bootstrap, { isModern: isMock && client === 'platformatic' });
      const section = {
        client,
        'bootstrap.servers': relay.bootstrap,
        topic_map: `default=${topic}`,
        'message.max.bytes': '1200000',
        ...(isMock && client === 'kafkajs' ? { 'enable.idempotence': 'false' } : {}),
        ...extra,
      };
      return { target: kafkaFeed(section, log), relay, topic, dispose: () => relay.down() };
    },
    async readBack({ topic }, { key }) {
      const all = newestByKey(await readTopic(programs.path('readTopic'), bootstrap, topic));
      const newest = all.get(`${key.orgId}/${key.type}/${key.objectId}`);
      if (newest === undefined) return [];
      const { action, type } = newest.headers;
      return [{ action, type, value: newest.value === null ? null : (parseJson(newest.value) as unknown) }];
    },
    async readContent({ topic }, { key }) {
      const all = newestByKey(await readTopic(programs.path('readTopic'), bootstrap, topic));
      const { value } = all.get(`${key.orgId}/${key.type}/${key.objectId}`) ?? {};
      return Buffer.from((parseJson(value ?? '{}') as { content: string }).content, 'base64');
    },
    async outage({ relay }) {
      await relay.down();
      return () => relay.up();
    },
    async silence({ relay }) {
      return relay.silence();
    },
    async poison() {
      return anIncident({ incidentId: 2290, payload: { name: 'x'.repeat(1_200_000) } });
    },
  };
}
