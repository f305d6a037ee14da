import type { FeedEvent } from '../../src/contract/FeedEvent.js';
import { QueueIntake } from '../../src/intake/queue/QueueIntake.js';
import type { QueueIntakeServices } from '../../src/intake/queue/QueueIntake.js';
import { FeedRouter } from '../../src/routing/FeedRouter.js';
import { PromMetrics } from '../../src/telemetry/metrics.js';
import { makeFeed, ScriptedTarget } from '../delivery/feedBench.js';
import { action, catalogOf, events, types } from './messages.js';

export interface IntakeOptions {
  readonly load?: () => Promise<typeof types>;
  readonly sync?: QueueIntakeServices['sync'];
}

/** An intake on one real feed with a scripted target. */
export async function makeIntake(more: IntakeOptions = {}) {
  const target = new ScriptedTarget();
  const bench = makeFeed(target);
  await bench.feed.start();
  const metrics = new PromMetrics();
  const stopping = new AbortController();
  const source = {
    reread: async (_event: FeedEvent): Promise<FeedEvent | undefined> => undefined,
    rebuild: async (): Promise<FeedEvent | undefined> => undefined,
  };
  const { clock, log, store } = bench;
  const router = new FeedRouter([bench.feed]);
  const catalog = catalogOf(clock, more.load);
  const intake = new QueueIntake({
    queueName: 'feed_data',
    router,
    decode: { catalog, events, now: () => clock.now() },
    source,
    store,
    durably: { clock, log, health: { problem: undefined }, signal: bench.giveUp.signal },
    stopping: stopping.signal,
    sync: more.sync ?? (async () => ({ type: 0, message: 'synchronized', complete: true })),
    ...{ log, metrics, clock },
  });
  return { ...bench, target, intake, metrics, source, stopping, router, catalog };
}

export const completed = { type: 0, message: 'Completed', complete: true };

/** A message about a task. */
export const task = (id: number, incidentId = 4517) =>
  action(1, { task: { id, inc_id: incidentId }, incident: { id: incidentId, workspace: 1 } });

/** Holds a delivery until it is told to end. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
