import { MockKafka, Programs } from '../../../../packages/kafka-feed/test/support/mockKafka.js';
import { readTopic } from '../../../../packages/kafka-feed/test/support/readTopic.js';
import type { Destination } from './Destination.js';
import type { Values } from './Shown.js';

const TOPIC = 'objects';

/** The last message of each key. A consumer removes what hangs below a deleted incident or task, as the docs say. */
export async function messages(): Promise<Destination> {
  const programs = await Programs.compile();
  const cluster = await MockKafka.start(programs);
  await cluster.makeTopic(TOPIC, 4);
  return {
    feed: 'topic',
    section: {
      ...{ class: 'KafkaFeed', 'bootstrap.servers': cluster.bootstrap, topic_map: `default=${TOPIC}` },
      // The mock brokers refuse an idempotent kafkajs.
      'enable.idempotence': 'false',
    },
    async objects(shown) {
      const objects = new Map<string, { readonly type: string; readonly row: Values }>();
      for (const { key, value, headers } of await readTopic(programs.path('readTopic'), cluster.bootstrap, TOPIC)) {
        const type = headers['type'] ?? '';
        const row = JSON.parse(value ?? '{}') as Values;
        if (headers['action'] === 'upsert') objects.set(key ?? '', { type, row });
        else {
          const parent = { incident: 'inc_id', task: 'task_id' }[type];
          for (const [name, one] of objects)
            if (name === key || (parent !== undefined && one.row[parent] === row['id'])) objects.delete(name);
        }
      }
      return [...objects.values()].map(({ type, row }) => shown.line(type, row['id'], row)).sort();
    },
    async stop() {
      await cluster.kill();
      await programs.remove();
    },
  };
}
