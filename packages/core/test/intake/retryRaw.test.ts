import { describe, expect, it } from '@jest/globals';
import { QueueIntake } from '../../src/intake/queue/QueueIntake.js';
import { FeedRouter } from '../../src/routing/FeedRouter.js';
import { PromMetrics } from '../../src/telemetry/metrics.js';
import { makeFeed, ScriptedTarget } from '../delivery/feedBench.js';
import { action, catalogOf, events, received, types } from './messages.js';

/** An intake on one real feed, with a source that may learn more types. */
async function makeIntake() {
  const target = new ScriptedTarget();
  const bench = makeFeed(target);
  await bench.feed.start();
  const { clock, log, store, giveUp } = bench;
  const source = { reread: async () => undefined, rebuild: async () => undefined };
  const known = { types: types.filter(({ id }) => id !== 1) };
  const stopping = new AbortController();
  const catalog = catalogOf(clock, async () => known.types);
  const intake = new QueueIntake({
    queueName: 'feed_data',
    router: new FeedRouter([bench.feed]),
    decode: { catalog, events, now: () => clock.now() },
    durably: { clock, log, health: { problem: undefined }, signal: giveUp.signal },
    sync: async () => ({ type: 0, message: 'synchronized', complete: true }),
    stopping: stopping.signal,
    ...{ source, store, log, clock, metrics: new PromMetrics() },
  });
  return { target, intake, store, known, log, clock, stopping };
}

const task = action(1, { task: { id: 7, inc_id: 4517 } });

describe('QueueIntake.retryRaw', () => {
  it('delivers what can be understood now and lets its row go, without a second answer', async () => {
    const { target, intake, store, known, clock } = await makeIntake();
    const message = received(task, 'm1');
    await intake.take(message);
    const told = message.told.length;
    expect(await store.parked.findRaw('m1')).toMatchObject({ code: 'message-of-unknown-type', retry: false });
    await intake.retryRaw();
    expect(target.seen).toEqual([]);

    known.types = [...types];
    await clock.advance(30_000);
    await store.parked.rearmRaw('m1');
    await intake.retryRaw();
    expect(target.seen).toEqual(['4517/task/7']);
    expect(await store.parked.findRaw('m1')).toBeUndefined();
    expect(await store.outcomes.find('test_feed', 'm1')).toMatchObject({ outcome: 'delivered' });
    expect(message.told).toHaveLength(told);
  });

  it('keeps what still cannot be, once, with what is wrong now', async () => {
    const { target, intake, store, log } = await makeIntake();
    await intake.take(received(task, 'm1'));
    await store.parked.parkRaw({ messageId: 'm2', queue: 'q', headers: {}, body: '{' }, 'odd', 'as it seemed then');
    await store.parked.rearmRaw('m1');
    await store.parked.rearmRaw('m2');
    await intake.retryRaw();
    expect(target.seen).toEqual([]);
    expect(await store.parked.findRaw('m2')).toMatchObject({ code: 'message-not-json', retry: false });
    expect(await store.parked.takeRaw(10)).toEqual([]);
    expect(log.of('warn').filter((line) => line.includes('still cannot be understood'))).toHaveLength(2);
  });

  it('keeps what the stopping host did not take', async () => {
    const { intake, store, stopping, known, clock, target } = await makeIntake();
    await intake.take(received(task, 'm1'));
    known.types = [...types];
    await clock.advance(30_000);
    await store.parked.rearmRaw('m1');
    stopping.abort();
    await intake.retryRaw();
    expect(target.seen).toEqual([]);
    expect(await store.parked.takeRaw(10)).toHaveLength(1);
  });
});
