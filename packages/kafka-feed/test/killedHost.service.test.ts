import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { KafkaRelay } from './support/KafkaRelay.js';
import { newestByKey, readTopic } from './support/readTopic.js';
import type { StoredMessage } from './support/readTopic.js';
import {
  brokersOfSuite,
  CLIENTS,
  describeWithLibrdkafka,
  forMock,
  newTopic,
  programs,
  REAL,
} from './support/services.js';

const EVENTS = 600;
const SCRIPT = join(import.meta.dirname, '..', '..', 'webhook-feed', 'test', 'fixtures', 'deliver.mjs');

interface Run {
  /** The first event that is not known to have arrived. */
  readonly settled: () => number;
  readonly ended: Promise<unknown>;
  kill(): void;
  readonly problems: () => string;
}

/** The work in a process of its own, which can be killed; it runs what is built. */
function deliver(section: object, from: number): Run {
  const child = spawn(process.execPath, [SCRIPT, 'kafka', JSON.stringify(section), String(from), String(EVENTS)]);
  let [settled, problems] = [from, ''];
  child.stdout.on('data', (chunk: Buffer) => {
    for (const [, count] of chunk.toString().matchAll(/settled (\d+)/g)) settled = Number(count);
  });
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
  return {
    settled: () => settled,
    ended: once(child, 'exit'),
    kill: () => child.kill('SIGKILL'),
    problems: () => problems,
  };
}

describeWithLibrdkafka('a host that is killed (-9) in the middle of a batch', () => {
  const brokers = brokersOfSuite();

  it.each(CLIENTS)('leaves the topic equal to the source after its restart, client=%s', async (client) => {
    const relay = await KafkaRelay.start(brokers.bootstrap(), { isModern: REAL === undefined });
    const topic = newTopic();
    const section = {
      ...{ client, 'bootstrap.servers': relay.bootstrap, topic_map: `default=${topic}` },
      ...(REAL === undefined ? forMock(client) : {}),
    };
    let from = 0;
    for (const batches of [3, 5, 4]) {
      const run = deliver(section, from);
      for (let seen = 0; seen < batches; seen += 1) await relay.nextProduce();
      const { reached, end } = relay.silence();
      await reached;
      run.kill();
      await run.ended;
      // The request that was on its way arrives after its sender's death.
      await end();
      expect(run.problems()).toBe('');
      expect(run.settled()).toBeLessThan(EVENTS);
      from = run.settled();
    }
    const last = deliver(section, from);
    await last.ended;
    expect(last.problems()).toBe('');
    await relay.down();

    const messages = await readTopic(programs.path('readTopic'), brokers.bootstrap(), topic);
    expect(messages.length).toBeGreaterThanOrEqual(EVENTS);
    const newest = [...newestByKey(messages)].map(([key, message]) => [key, versionOf(message)]);
    const expected = Array.from({ length: 15 }, (_, at) => [`201/incident/${6_000 + at}`, EVENTS - 15 + at]);
    expect(newest.sort()).toEqual(expected);
    // Nothing is missing in between either: a topic is a history.
    expect(new Set(messages.map(versionOf)).size).toBe(EVENTS);
  });
});

function versionOf({ value }: StoredMessage): number {
  return Number((JSON.parse(value ?? '{}') as { name: string }).name.split(' ')[1]);
}
