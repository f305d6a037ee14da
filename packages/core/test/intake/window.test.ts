import { afterEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { fakeClock } from '@soar-feed/feed-testkit';
import type { FeedOptions } from '../../src/delivery/FeedOptions.js';
import { QueueIntake } from '../../src/intake/queue/QueueIntake.js';
import { WindowWatch } from '../../src/intake/queue/WindowWatch.js';
import { FeedRouter } from '../../src/routing/FeedRouter.js';
import { PromMetrics } from '../../src/telemetry/metrics.js';
import { makeFeed, ScriptedTarget, settle } from '../delivery/feedBench.js';
import { action, catalogOf, events, received } from './messages.js';
import type { Received } from './messages.js';

const PREFETCH = 10;
const delivered = { status: 'delivered', change: 'updated' } as const;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Feeds behind one queue, whose broker sends no more than `PREFETCH` unacknowledged messages. */
async function behindOneQueue(targets: readonly ScriptedTarget[], options: Partial<FeedOptions> = {}) {
  const clock = fakeClock();
  const made = targets.map((target) => makeFeed(target, options, clock));
  const [{ log, store, giveUp }] = made as [(typeof made)[0] & object];
  const feeds = made.map(({ feed }) => feed);
  const source = { reread: async () => undefined, rebuild: async () => undefined };
  const stopping = new AbortController();
  const intake = new QueueIntake({
    ...{ queueName: 'feed_data', router: new FeedRouter(feeds), source, store, log, clock, metrics: new PromMetrics() },
    decode: { catalog: catalogOf(clock), events, now: () => clock.now() },
    durably: { clock, log, health: { problem: undefined }, signal: giveUp.signal },
    stopping: stopping.signal,
    sync: async () => ({ type: 0, message: '', complete: true }),
  });
  const window = new WindowWatch({ feeds, prefetch: PREFETCH, log, clock });
  for (const feed of feeds) await feed.start();
  window.start();
  for (const { back } of made) back.start();
  closing.push(async () => {
    stopping.abort();
    window.stop();
    const stopped = Promise.all([...made.map(({ back }) => back.stop()), ...feeds.map((feed) => feed.stop(0))]);
    for (let turn = 0; turn < 50; turn += 1) await clock.advance(50);
    await stopped;
  });
  const queue: Received[] = [];
  let unacknowledged = 0;
  const handOver = (): void => {
    for (; unacknowledged < PREFETCH && queue.length > 0; unacknowledged += 1) {
      const message = queue.shift() as Received;
      const ack = (): void => {
        message.ack();
        unacknowledged -= 1;
        handOver();
      };
      void intake.take({ ...message, ack });
    }
  };
  return {
    made,
    publish(bodies: readonly unknown[], ids = 'm'): readonly Received[] {
      const messages = bodies.map((body, at) => received(body, `${ids}${at}`));
      queue.push(...messages);
      handOver();
      return messages;
    },
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 50) {
        await clock.advance(50);
        await settle(4);
      }
    },
    keepForReplay() {
      for (const { rebuilt, feed } of made) {
        const accept = feed.accept.bind(feed);
        feed.accept = (event: FeedEvent, more) => {
          rebuilt.set(`${event.key.type}/${event.key.objectId}`, event);
          return accept(event, more);
        };
      }
    },
  };
}

/** Fifty tasks, each of an incident of its own, and then a second one of each incident. */
const tasks = [1, 2].flatMap((round) =>
  Array.from({ length: 25 }, (_, at) =>
    action(1, { task: { id: round * 100 + at, inc_id: at + 1 }, incident: { id: at + 1, workspace: 1 } }),
  ),
);
const inOrder = [1, 2].flatMap((round) => Array.from({ length: 25 }, (_, at) => `${at + 1}/task/${round * 100 + at}`));

describe('feeds behind one queue', () => {
  it('do not wait for one that hangs and one that is down: all is acknowledged, and later both catch up in order', async () => {
    const [healthy, hanging, down] = [new ScriptedTarget(), new ScriptedTarget(), new ScriptedTarget()];
    const hung: (() => void)[] = [];
    let hangs = true;
    let away = true;
    hanging.answer = () => (hangs ? new Promise((resolve) => hung.push(() => resolve(delivered))) : delivered);
    down.answer = () => (away ? new UnavailableError('away', { code: 'away' }) : delivered);
    down.onOpen = () => {
      if (away && down.openings > 1) throw new UnavailableError('still away', { code: 'away' });
    };
    const { made, publish, pass, keepForReplay } = await behindOneQueue([healthy, hanging, down]);
    keepForReplay();
    const messages = publish(tasks);
    // Long before spill_after, which is 30 s.
    await pass(2_000);
    expect(healthy.seen).toEqual(inOrder);
    expect(messages.map(({ told }) => told.at(-1))).toEqual(messages.map(() => 'ack'));
    expect(made.map(({ feed }) => feed.lagging)).toEqual([false, true, true]);

    hangs = false;
    away = false;
    for (const answer of hung.splice(0)) answer();
    await pass(120_000);
    expect(made.map(({ feed }) => [feed.status().queued, feed.lagging, feed.status().parked.deferred])).toEqual(
      made.map(() => [0, false, 0]),
    );
    for (const target of [hanging, down]) {
      expect([...new Set(target.seen)].sort()).toEqual([...inOrder].sort());
      for (let incident = 1; incident <= 25; incident += 1) {
        const own = [...new Set(target.seen.filter((name) => name.startsWith(`${incident}/`)))];
        expect(own).toEqual([`${incident}/task/${99 + incident}`, `${incident}/task/${199 + incident}`]);
      }
    }
  });

  it('keep their messages where nobody would gain: a feed alone, or all of them slow', async () => {
    const slow = () => {
      const target = new ScriptedTarget();
      target.answer = () => new Promise(() => undefined);
      return target;
    };
    for (const targets of [[slow()], [slow(), slow()]]) {
      const { made, publish, pass } = await behindOneQueue(targets);
      const messages = publish(tasks);
      await pass(2_000);
      expect(messages.flatMap(({ told }) => told)).toEqual([]);
      for (const { feed } of made) expect(feed.held().messages).toBe(PREFETCH);
    }
  });

  it('let go of them as soon as one of them keeps up again', async () => {
    const hung: (() => void)[] = [];
    const [mended, slow] = [new ScriptedTarget(), new ScriptedTarget()];
    mended.answer = () => new Promise((resolve) => hung.push(() => resolve(delivered)));
    slow.answer = () => new Promise(() => undefined);
    const { made, publish, pass } = await behindOneQueue([mended, slow]);
    const messages = publish(tasks);
    await pass(2_000);
    expect(messages.flatMap(({ told }) => told)).toEqual([]);
    mended.answer = () => delivered;
    for (const answer of hung.splice(0)) answer();
    await pass(2_000);
    expect(messages.map(({ told }) => told.at(-1))).toEqual(messages.map(() => 'ack'));
    expect(made.map(({ feed }) => feed.lagging)).toEqual([false, true]);
  });

  it('keep nothing in memory of what one that is down has still to get, however large', async () => {
    const [healthy, down] = [new ScriptedTarget(), new ScriptedTarget()];
    let away = true;
    down.answer = () => (away ? new UnavailableError('away', { code: 'away' }) : delivered);
    down.onOpen = () => {
      if (away && down.openings > 1) throw new UnavailableError('still away', { code: 'away' });
    };
    const { made, publish, pass, keepForReplay } = await behindOneQueue([healthy, down]);
    keepForReplay();
    const [, dead] = made as [(typeof made)[0] & object, (typeof made)[0] & object];
    const ids = Array.from({ length: 3 * PREFETCH }, (_, at) => at + 1);
    const large = 'x'.repeat(1_100_000);
    const bodies = ids.map((id) =>
      action(1, { task: { id, inc_id: id, instr_text: large }, incident: { id, workspace: 1 } }),
    );
    const most: number[] = [];
    const accept = dead.feed.accept.bind(dead.feed);
    dead.feed.accept = (event, more) => {
      most.push(dead.feed.status().queued);
      return accept(event, more);
    };
    const messages = publish(bodies);
    await pass(2_000);
    expect(messages.every(({ told }) => told.at(-1) === 'ack')).toBe(true);
    expect(Math.max(...most)).toBeLessThanOrEqual(PREFETCH);
    expect(dead.feed.status()).toMatchObject({ queued: 0, parked: { deferred: ids.length } });
    // Nor does the store: such an object is read from the source again.
    for (const id of ids) {
      const row = await dead.parking.find({ orgId: 201, incidentId: id, type: 'task', objectId: id });
      expect(row).toMatchObject({ why: { state: 'deferred' } });
      expect(row).not.toHaveProperty('payload');
    }
    away = false;
    await pass(120_000);
    expect(dead.feed.status()).toMatchObject({ queued: 0, parked: { deferred: 0, failed: 0 } });
    expect([...new Set(down.seen)].sort()).toEqual(ids.map((id) => `${id}/task/${id}`).sort());
  });

  it('that take their time, but keep the window moving, park nothing', async () => {
    const [quick, steady] = [new ScriptedTarget(), new ScriptedTarget()];
    const { made, publish, pass } = await behindOneQueue([quick, steady]);
    const [, { clock, feed }] = made as [(typeof made)[0] & object, (typeof made)[0] & object];
    steady.answer = async () => {
      await clock.sleep(20);
      return delivered;
    };
    publish(tasks);
    await pass(2_000);
    expect(feed.status()).toMatchObject({ counts: { delivered: 50, parked: 0 }, lagging: false });
    // One that stops does not: it was watched all the time.
    steady.answer = () => new Promise(() => undefined);
    publish(tasks, 'later');
    await pass(2_000);
    expect(feed.lagging).toBe(true);
  });
});
