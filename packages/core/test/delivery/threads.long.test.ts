import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '@soar-feed/core';
import fc from 'fast-check';
import { Feed } from '../../src/delivery/Feed.js';
import { RowReturn } from '../../src/parking/return/RowReturn.js';
import type { ReturnServices } from '../../src/parking/return/RowReturn.js';
import { MemoryStore } from '../../src/parking/MemoryStore.js';
import { Parking } from '../../src/parking/Parking.js';
import { PromMetrics } from '../../src/telemetry/metrics.js';
import { settle } from './feedBench.js';
import { ThreadSource, ThreadTarget, threadsOf } from './threadPlatform.js';
import type { ThreadRules } from './threadPlatform.js';

/** One feed between a source and a target, over one store; it may be stopped and started again in between. */
class Bench {
  readonly source: ThreadSource;
  readonly target: ThreadTarget;
  readonly clock = fakeClock();
  private readonly store = new MemoryStore();
  private readonly told: FeedEvent[] = [];
  private running: { readonly feed: Feed; readonly parking: Parking; readonly back: RowReturn } | undefined;

  constructor(rules: ThreadRules) {
    this.source = new ThreadSource(rules);
    this.target = new ThreadTarget(rules);
  }

  async start(): Promise<void> {
    await this.store.open();
    const { source, target, clock, store } = this;
    const log = recordingLogger();
    const parking = new Parking('replica', store, {
      ...{ clock, log, health: { problem: undefined } },
      signal: new AbortController().signal,
    });
    const feed = new Feed(
      'replica',
      { target, parking, source, log, metrics: new PromMetrics(), clock },
      { concurrency: 4, maxAttempts: 3, deliverTimeoutMs: 60_000, spillAfterMs: 2_000, maxQueued: 100 },
    );
    await feed.start();
    const reader = source as unknown as ReturnServices['source'];
    const back = new RowReturn({ feed, parking, source: reader, resync: async () => undefined, log, clock });
    back.start();
    this.running = { feed, parking, back };
  }

  /** `again`: so many of the last messages come once more, because their acknowledgements were lost. */
  async restart(again: number): Promise<void> {
    await this.stop();
    await this.start();
    for (const event of again === 0 ? [] : this.told.slice(-again))
      void this.running?.feed.accept(event).catch(() => undefined);
  }

  tell(event: FeedEvent): void {
    this.told.push(event);
    void this.running?.feed.accept(event).catch(() => undefined);
  }

  async pass(turns: number, ms = 1_000): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      await settle(4);
      await this.clock.advance(ms);
    }
  }

  async quiet(): Promise<void> {
    this.target.isAway = false;
    for (let turn = 0; turn < 60; turn += 1) {
      await this.pass(4, 5_000);
      const { feed, parking } = this.running as { feed: Feed; parking: Parking };
      if (feed.up && !feed.restless && parking.index.size === 0) return;
    }
  }

  async stop(): Promise<void> {
    const { feed, back } = this.running as { feed: Feed; back: RowReturn };
    const stopped = Promise.all([back.stop(), feed.stop(0)]);
    await this.pass(20, 50);
    await stopped;
  }

  left(): readonly unknown[] {
    return this.running?.parking.index.keys() ?? [];
  }
}

const rules: readonly ThreadRules[] = [
  { deleted: 'keeps a frame', says: 'deleted' },
  { deleted: 'keeps a frame', says: 'modified' },
  { deleted: 'takes its replies', says: 'deleted' },
];

/** `pick` chooses among the objects that exist. */
const step = fc.record({
  do: fc.constantFrom(
    'create',
    'answer',
    'answer',
    'edit',
    'edit',
    'delete',
    'delete',
    'away',
    'back',
    'wait',
    'restart',
    'task',
  ),
  pick: fc.nat(5),
});

type Step = { readonly do: string; readonly pick: number };

const steps = (...names: readonly string[]): [Step[]] => [
  names.map((name) => ({ do: name, pick: name === 'wait' ? 5 : 0 })),
];

/** What once lost a reply: the delete of the note above it, live or parked, given up or not. */
const examples = [
  steps('create', 'answer', 'wait', 'delete', 'wait', 'edit'),
  steps('away', 'wait', 'create', 'answer', 'delete', 'wait', 'back'),
  steps('create', 'wait', 'away', 'wait', 'answer', 'delete', 'wait', 'restart', 'back'),
] as [Step[]][];

async function act(bench: Bench, { do: what, pick }: Step): Promise<void> {
  const { source, target } = bench;
  const living = [...source.notes.values()].filter(({ isFrame }) => !isFrame);
  const one = living[pick % Math.max(1, living.length)];
  switch (what) {
    case 'create':
      return bench.tell(source.create(undefined, pick % 2 === 0 && source.hasTask));
    case 'answer':
      return one === undefined ? undefined : bench.tell(source.create(one.id, false));
    case 'edit':
      return one === undefined ? undefined : bench.tell(source.edit(one.id));
    case 'delete':
      return one === undefined ? undefined : bench.tell(source.remove(one.id));
    case 'task':
      return pick === 0 && source.hasTask ? bench.tell(source.removeTask()) : undefined;
    case 'away':
      target.isAway = true;
      return undefined;
    case 'back':
      target.isAway = false;
      return undefined;
    case 'wait':
      return bench.pass(pick + 1);
    case 'restart':
      return bench.restart(pick);
  }
}

describe.each(rules)('threads of notes where a deleted note $deleted and its message says $says', (rule) => {
  it('end equal, whatever was created, answered, edited and deleted, live, parked and over restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array<Step>(step, { minLength: 2, maxLength: 24 }), async (history) => {
        const bench = new Bench(rule);
        await bench.start();
        bench.tell(bench.source.incident());
        bench.tell(bench.source.task());
        for (const one of history) await act(bench, one);
        await bench.quiet();
        const ended = threadsOf(bench.target);
        const left = bench.left();
        await bench.stop();
        expect(ended).toEqual(threadsOf(bench.source));
        expect(left).toEqual([]);
      }),
      { numRuns: 60, examples },
    );
  });
});
