import { describe, expect, it } from '@jest/globals';
import { aNote, anIncident } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '@soar-feed/core';
import { benches, nameOf, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();

/** A target that says how many deliveries it takes at once, and answers when the test says so. */
class NarrowTarget extends ScriptedTarget {
  widthNow = 2;
  readonly yielded: string[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor() {
    super();
    this.answer = async (event, { yields }) => {
      if (yields === true) this.yielded.push(nameOf(event));
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      return { status: 'delivered', change: 'updated' };
    };
  }

  width(): number {
    return this.widthNow;
  }

  get underWay(): number {
    return this.waiting.length;
  }

  async end(count = 1): Promise<void> {
    for (const end of this.waiting.splice(0, count)) end();
    await settle();
  }
}

function reloaded(incidentId: number): FeedEvent {
  return anIncident({ incidentId, objectId: incidentId, origin: 'reload' });
}

function live(incidentId: number): FeedEvent {
  return anIncident({ incidentId, objectId: incidentId });
}

async function started(options: Parameters<typeof bench>[1] = {}) {
  const target = new NarrowTarget();
  const made = bench(target, { concurrency: 64, ...options });
  await made.feed.start();
  const take = (event: FeedEvent): void => void made.feed.accept(event).catch(() => undefined);
  return { ...made, target, take };
}

describe('A target that says how many deliveries it takes', () => {
  it('gets as many, also when that changes', async () => {
    const { target, take } = await started();
    for (let id = 1; id <= 20; id += 1) take(live(id));
    await settle();
    expect(target.underWay).toBe(2);
    target.widthNow = 5;
    await target.end();
    expect(target.underWay).toBe(5);
    target.widthNow = 1;
    await target.end(4);
    expect(target.underWay).toBe(1);
    target.widthNow = 1_000;
    await target.end();
    expect(target.underWay).toBe(14);
  });

  it('gets live changes first, and is told which deliveries may wait', async () => {
    const { target, take } = await started();
    target.widthNow = 1;
    for (let id = 1; id <= 6; id += 1) take(reloaded(id));
    await settle();
    take(live(100));
    take(live(101));
    await settle();
    for (let count = 0; count < 4; count += 1) await target.end();
    const order = target.seen.map((name) => name.replace(/\/.*/, ''));
    expect(order.slice(0, 4)).toEqual(['1', '100', '101', '2']);
    expect(target.yielded.map((name) => name.replace(/\/.*/, ''))).toEqual(expect.arrayContaining(['1', '2']));
    expect(target.yielded.some((name) => name.startsWith('10'))).toBe(false);
  });

  it('gets what stands before a live change of the same incident as if it were one', async () => {
    const { target, take } = await started();
    target.widthNow = 1;
    take(live(1));
    await settle();
    for (const id of [2, 3, 4]) take(reloaded(id));
    take(aNote({ incidentId: 4 }));
    await settle();
    for (let count = 0; count < 3; count += 1) await target.end();
    expect(target.seen.map((name) => name.replace(/\/.*/, ''))).toEqual(['1', '4', '4', '2']);
    expect(target.yielded.map((name) => name.replace(/\/.*/, ''))).toEqual(['2']);
  });
});

describe('Quiet hours', () => {
  it('let a reload have one incident at a time, and live changes as many as ever', async () => {
    let isQuiet = true;
    const { feed, target, take } = await started({ isQuiet: () => isQuiet, maxQueued: 1_000 });
    target.widthNow = 8;
    const brought: number[] = [];
    const reload = async (): Promise<void> => {
      for (let id = 1; id <= 10; id += 1) {
        await feed.room(id);
        brought.push(id);
        take(reloaded(id));
      }
    };
    void reload();
    await settle();
    expect(brought).toEqual([1]);
    for (let id = 101; id <= 107; id += 1) take(live(id));
    await settle();
    expect(target.underWay).toBe(8);
    await target.end(8);
    expect(brought).toEqual([1, 2]);
    isQuiet = false;
    await target.end();
    expect(brought).toHaveLength(10);
    await target.end(10);
    expect(target.seen).toHaveLength(17);
  });
});
