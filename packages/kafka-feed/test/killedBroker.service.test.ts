import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import { KafkaRelay } from './support/KafkaRelay.js';
import { MockKafka } from './support/mockKafka.js';
import { newestByKey, readTopic } from './support/readTopic.js';
import { kafkaFeed } from './support/settings.js';
import { CLIENTS, describeWithLibrdkafka, forMock, newTopic, programs } from './support/services.js';

const log = recordingLogger();
const signal = new AbortController().signal;
const CONTEXT = { signal, attempt: 1, log };

describeWithLibrdkafka('a cluster that is killed (-9) and started again', () => {
  let cluster: MockKafka;
  let relay: KafkaRelay;
  beforeAll(async () => {
    cluster = await MockKafka.start(programs, 2);
  });
  afterAll(() => cluster.kill());
  afterEach(() => relay.down());

  it.each(CLIENTS)('is away for client=%s, and gets what it missed once the feed is open again', async (client) => {
    // The relay only lets the newer client speak to the mock brokers; the brokers themselves die.
    relay = await KafkaRelay.start(cluster.bootstrap, { isModern: true });
    const topic = newTopic();
    const section = { client, 'bootstrap.servers': relay.bootstrap, topic_map: `default=${topic}`, ...forMock(client) };
    const feed = kafkaFeed({ ...section, selftest_timeout: '10' }, log);
    await feed.open({ signal });
    await feed.deliver(anIncident(), CONTEXT);

    await cluster.kill();
    await expect(feed.deliver(anIncident({ incidentId: 5_001 }), CONTEXT)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(await feed.health({ signal })).toMatchObject({ state: 'down' });
    await expect(feed.open({ signal })).rejects.toMatchObject({ kind: 'unavailable' });

    await cluster.start();
    await feed.close();
    await feed.open({ signal });
    // Its messages died with it: what is not acknowledged comes again.
    for (const incidentId of [5_001, 5_002]) await feed.deliver(anIncident({ incidentId }), CONTEXT);
    await feed.close();
    const there = newestByKey(await readTopic(programs.path('readTopic'), cluster.bootstrap, topic));
    expect([...there.keys()].sort()).toEqual(['201/incident/5001', '201/incident/5002']);
  });
});
