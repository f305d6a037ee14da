import { parseJson } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { anIncident, describeFeedTarget } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { KafkaRelay } from './support/KafkaRelay.js';
import { newestByKey, readTopic } from './support/readTopic.js';
import { brokersOfSuite, describeWithLibrdkafka, forMock, newTopic, programs, REAL } from './support/services.js';
import { kafkaFeed } from './support/settings.js';

interface TopicBench extends TargetBench {
  readonly relay: KafkaRelay;
  readonly topic: string;
}

/** Each client against a real Kafka if `SOAR_FEED_TEST_KAFKA` names its brokers, else against librdkafka's mock brokers. */
describeWithLibrdkafka(REAL === undefined ? 'mock brokers' : 'real Kafka', () => {
  const brokers = brokersOfSuite();
  describeFeedTarget(topicCase(brokers, 'kafkajs', {}));
  describeFeedTarget(
    topicCase(brokers, 'kafkajs', { tombstones: 'true', 'compression.type': 'gzip', content: 'base64' }),
  );
  describeFeedTarget(topicCase(brokers, 'platformatic', {}));
  describeFeedTarget(
    topicCase(brokers, 'platformatic', { tombstones: 'true', 'compression.type': 'lz4', content: 'base64' }),
  );
});

function topicCase(
  brokers: { readonly bootstrap: () => string },
  client: string,
  extra: Readonly<Record<string, string>>,
): FeedTargetCase<TopicBench> {
  /** A platform gives an id once per type; the kit also gives it to objects of several incidents. */
  const newestOf = async (topic: string, key: ObjectKey) => {
    const all = await readTopic(programs.path('readTopic'), brokers.bootstrap(), topic);
    const ofIncident = all.filter(({ headers }) => headers['inc_id'] === String(key.incidentId));
    return newestByKey(ofIncident).get(`${key.orgId}/${key.type}/${key.objectId}`);
  };
  const named = Object.entries(extra).map(([key, value]) => `, ${key}=${value}`);
  return {
    name: `KafkaFeed (client=${client}${named.join('')})`,
    capabilities: {
      deletes: 'mark',
      content: extra['content'] === 'base64',
      timeSeries: true,
      concurrency: 64,
      batch: { maxEvents: 500, maxWaitMs: 10 },
    },
    async make(log) {
      const topic = newTopic();
      const isMock = REAL === undefined;
      const relay = await KafkaRelay.start(brokers.bootstrap(), { isModern: isMock });
      const section = {
        client,
        'bootstrap.servers': relay.bootstrap,
        topic_map: `default=${topic}`,
        'message.max.bytes': '1200000',
        ...(isMock ? forMock(client) : {}),
        ...extra,
      };
      return { target: kafkaFeed(section, log), relay, topic, dispose: () => relay.down() };
    },
    async readBack({ topic }, { key }) {
      const newest = await newestOf(topic, key);
      if (newest === undefined) return [];
      const { action, type } = newest.headers;
      return [{ action, type, value: newest.value === null ? null : (parseJson(newest.value) as unknown) }];
    },
    async readContent({ topic }, { key }) {
      const { value } = (await newestOf(topic, key)) ?? {};
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
