import type {
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  OpenContext,
  TargetCapabilities,
} from '@soar-feed/core';
import { afterEach } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import type { ListedRow } from '../../src/contract/FeedStore.js';
import type { EventSource } from '../../src/source/EventSource.js';
import { Feed } from '../../src/delivery/Feed.js';
import type { FeedOptions } from '../../src/delivery/FeedOptions.js';
import { MemoryStore } from '../../src/parking/MemoryStore.js';
import { Parking } from '../../src/parking/Parking.js';
import { RowReturn } from '../../src/parking/return/RowReturn.js';
import type { ReturnServices } from '../../src/parking/return/RowReturn.js';
import type { EventWatch } from '../../src/telemetry/EventWatch.js';
import { PromMetrics } from '../../src/telemetry/metrics.js';

type Answer = DeliveryResult | Error;

/** A target that answers as the test says and remembers what came. */
export class ScriptedTarget implements FeedTarget {
  readonly seen: string[] = [];
  readonly batches: number[] = [];
  openings = 0;
  most = 0;
  private running = 0;
  /** Answer by event; default delivered. May wait. */
  answer: (event: FeedEvent, context: DeliverContext) => Answer | Promise<Answer> = () => ({
    status: 'delivered',
    change: 'updated',
  });
  onOpen: (context: OpenContext) => void | Promise<void> | undefined = () => undefined;
  healthState: 'up' | 'down' = 'up';

  constructor(readonly capabilities: TargetCapabilities = { deletes: 'apply', content: false }) {}

  async open(context: OpenContext): Promise<void> {
    this.openings += 1;
    await this.onOpen(context);
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    try {
      this.seen.push(nameOf(event));
      const answer = await this.answer(event, context);
      if (answer instanceof Error) throw answer;
      return answer;
    } finally {
      this.running -= 1;
    }
  }

  async deliverBatch(events: readonly FeedEvent[], context: DeliverContext): Promise<readonly DeliveryOutcome[]> {
    this.batches.push(events.length);
    return Promise.all(
      events.map(async (event): Promise<DeliveryOutcome> => {
        this.seen.push(nameOf(event));
        const answer = await this.answer(event, context);
        return answer instanceof Error ? { status: 'failed', error: answer } : answer;
      }),
    );
  }

  async health(): Promise<{ state: 'up' | 'down'; detail: string }> {
    return { state: this.healthState, detail: '' };
  }

  async close(): Promise<void> {}
}

/** A target that answers for every incident but number 1, whose events never end. */
export function stuckAtFirst(): ScriptedTarget {
  const target = new ScriptedTarget();
  target.answer = ({ key }) =>
    key.incidentId === 1 ? new Promise(() => undefined) : { status: 'delivered', change: 'created' };
  return target;
}

export function nameOf({ key, operation, payload }: FeedEvent): string {
  const stamp = payload.vers ?? payload.version;
  return `${operation === 'delete' ? 'delete ' : ''}${key.incidentId}/${key.type}/${key.objectId}${stamp === undefined ? '' : `@${String(stamp)}`}`;
}

interface Brings {
  discover: ReturnServices['source']['discover'];
  resync: ReturnServices['resync'];
}

/** One feed on a scripted target, a fake clock (its own, where none is given) and a memory store. */
export function makeFeed(
  target: ScriptedTarget,
  options: Partial<FeedOptions> = {},
  clock = fakeClock(),
  watch?: EventWatch,
  serverClock?: EventSource['serverClock'],
) {
  const log = recordingLogger();
  const store = new MemoryStore();
  void store.open();
  const giveUp = new AbortController();
  const context = { clock, log, health: { problem: undefined as string | undefined }, signal: giveUp.signal };
  const parking = new Parking('test_feed', store, context);
  const reread: { answer: FeedEvent | Error | undefined; asked: number } = { answer: undefined, asked: 0 };
  const source = {
    reread: async (): Promise<FeedEvent | undefined> => {
      reread.asked += 1;
      return given(reread.answer);
    },
    rebuild: async (row: {
      key: FeedEvent['key'];
      operation: FeedEvent['operation'];
      payload?: FeedEvent['payload'];
      observedAtMs: number;
      workspace: string;
      parent?: FeedEvent['key'];
    }) => given(rebuilt.get(`${row.key.type}/${row.key.objectId}`)),
    discover: async (...asked: Parameters<Brings['discover']>) => brings.discover(...asked),
    ...(serverClock === undefined ? {} : { serverClock }),
  };
  /** What else the way back reads; may be replaced. */
  const brings: Brings = { discover: async () => undefined, resync: async () => undefined };
  /** Rows become these events again, or fail to. */
  const rebuilt = new Map<string, FeedEvent | Error>();
  const feed = new Feed(
    'test_feed',
    { target, parking, source, log, metrics: new PromMetrics(), clock, ...(watch === undefined ? {} : { watch }) },
    { concurrency: 4, maxAttempts: 3, deliverTimeoutMs: 60_000, spillAfterMs: 30_000, maxQueued: 100, ...options },
  );
  /** Not started: it looks for nothing by itself, but rows that wait for a parent follow it. */
  const back = new RowReturn({ feed, parking, source, log, clock, resync: (id) => brings.resync(id) });
  return { feed, back, brings, clock, log, store, parking, source, rebuilt, reread, giveUp };
}

function given(answer: FeedEvent | Error | undefined): FeedEvent | undefined {
  if (answer instanceof Error) throw answer;
  return answer;
}

/** Lets everything happen that needs no time. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Feeds that are stopped after each test, and whatever else `closing` is given before them. */
export function benches() {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  const bench = (...made: Parameters<typeof makeFeed>): ReturnType<typeof makeFeed> => {
    const feed = makeFeed(...made);
    closing.push(async () => {
      const stopped = feed.feed.stop(0);
      for (let turn = 0; turn < 50; turn += 1) await feed.clock.advance(50);
      await stopped;
    });
    return feed;
  };
  return { bench, closing };
}

export async function parkedOf({ store }: ReturnType<typeof makeFeed>): Promise<readonly ListedRow[]> {
  const rows: ListedRow[] = [];
  for await (const row of store.parked.list({ feed: 'test_feed' })) rows.push(row);
  return rows;
}
