/**
 * How much faster kafka-feed is in batches than message by message: the ratio for each client, both measured in one run. Goal: 20 times.
 * Runs against the brokers of SOAR_FEED_TEST_KAFKA, or else against librdkafka's mock brokers with kafkajs only (the other
 * client speaks a protocol that they do not know).
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { rawValues, toTypeSchema, validateSection } from '@soar-feed/core';
import type { DeliverContext, FeedEvent, Logger } from '@soar-feed/core';
import { kafkaFeedConfig, KafkaFeed, makeClient, toKafkaSettings } from '@soar-feed/kafka-feed';

const [single = 500, batched = 50_000, batchSize = 500] = process.argv.slice(2).map(Number);
/** How much later a mock broker answers: on loopback it would answer sooner than any that stores what it gets. ms. */
const RTT_MS = 2;
const SOURCE = fileURLToPath(new URL('../../../kafka-feed/test/fixtures/mockCluster.c', import.meta.url));

const schema = toTypeSchema({
  id: 0,
  type_id: 0,
  type_name: 'incident',
  fields: [
    { id: 1, name: 'name', text: 'Name', input_type: 'text' },
    { id: 2, name: 'description', text: 'Description', input_type: 'textarea' },
  ],
});

const real = process.env['SOAR_FEED_TEST_KAFKA'];
const mock = real === undefined ? await startMock() : undefined;
for (const client of real === undefined ? ['kafkajs'] : ['kafkajs', 'platformatic']) {
  console.log(JSON.stringify(await measure(client, real ?? mock?.bootstrap ?? '')));
}
mock?.stop();

async function measure(client: string, bootstrap: string): Promise<object> {
  const log: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const section = {
    ...{ client, 'bootstrap.servers': bootstrap, topic_map: `default=bench-${client}-${Date.now()}` },
    // The mock brokers refuse an idempotent kafkajs.
    'enable.idempotence': String(real !== undefined),
  };
  const parsed = validateSection('kafka_feed', rawValues(section), kafkaFeedConfig);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const feed = new KafkaFeed(toKafkaSettings(parsed.value), makeClient, log);
  const context: DeliverContext = { signal: new AbortController().signal, attempt: 1, log };
  await feed.open(context);
  await feed.deliver(eventOf(0), context);

  const singlePerSecond = await perSecond(single, async () => {
    for (let at = 0; at < single; at += 1) await feed.deliver(eventOf(at), context);
  });
  const batchedPerSecond = await perSecond(batched, async () => {
    for (let at = 0; at < batched; at += batchSize) {
      const events = Array.from({ length: Math.min(batchSize, batched - at) }, (_, next) => eventOf(at + next));
      const outcomes = await feed.deliverBatch(events, context);
      if (outcomes.some(({ status }) => status !== 'delivered')) throw new Error('Not every message was delivered.');
    }
  });
  await feed.close();
  return {
    target: 'kafka',
    client,
    server: real === undefined ? `mock brokers, answers after ${RTT_MS} ms` : 'Kafka',
    singlePerSecond: Math.round(singlePerSecond),
    batchedPerSecond: Math.round(batchedPerSecond),
    ratio: Math.round((batchedPerSecond / singlePerSecond) * 10) / 10,
    goal: 20,
  };
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return count / ((performance.now() - startedAt) / 1_000);
}

/** An incident whose message has about 0.5 KB. */
function eventOf(at: number): FeedEvent {
  const incidentId = 1_000 + at;
  return {
    id: `event-${at}`,
    origin: 'reload',
    operation: 'upsert',
    key: { orgId: 201, incidentId, type: 'incident', objectId: incidentId },
    workspace: 'Default workspace',
    observedAtMs: 1_700_000_000_000,
    payload: { id: incidentId, name: `Incident ${incidentId}`, description: 'd'.repeat(200) },
    schema,
  };
}

async function startMock(): Promise<{ readonly bootstrap: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-bench-kafka-'));
  const program = join(folder, 'mockCluster');
  execFileSync('cc', ['-O1', '-rdynamic', '-o', program, SOURCE, '-lrdkafka']);
  const child: ChildProcess = spawn(program, ['0', '0', '0'], { stdio: ['pipe', 'pipe', 'ignore'] });
  if (child.stdout === null) throw new Error('The mock cluster has no output.');
  const [bootstrap] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  child.stdin?.write(`rtt ${RTT_MS}\n`);
  return {
    bootstrap,
    stop() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
