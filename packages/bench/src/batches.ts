import { toTypeSchema } from '@soar-feed/core';
import type { DeliverContext, FeedEvent, FeedTarget, Logger } from '@soar-feed/core';

/** What the issue asks of batches against single deliveries. */
const GOAL = 20;

const schema = toTypeSchema({
  id: 0,
  type_id: 0,
  type_name: 'incident',
  fields: [
    { id: 1, name: 'name', text: 'Name', input_type: 'text' },
    { id: 2, name: 'description', text: 'Description', input_type: 'textarea' },
  ],
});

export const quietLog: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => quietLog };

export interface BatchCounts {
  readonly single: number;
  readonly batched: number;
  readonly batchSize: number;
}

/** Delivers new incidents one by one, then in batches; each delivery counts once it is committed. */
export async function measureBatches(
  target: FeedTarget,
  { single, batched, batchSize }: BatchCounts,
): Promise<Readonly<Record<string, number>>> {
  const context: DeliverContext = { signal: new AbortController().signal, attempt: 1, log: quietLog };
  const deliver = async (from: number, count: number): Promise<void> => {
    const events = Array.from({ length: count }, (_, at) => eventOf(from + at));
    for (const outcome of (await target.deliverBatch?.(events, context)) ?? []) {
      if (outcome.status !== 'delivered') throw new Error(`Not every event was delivered: ${outcome.status}`);
      await outcome.committed;
    }
  };
  await target.open(context);
  await deliver(0, 1);
  const singlePerSecond = await perSecond(single, async () => {
    for (let at = 1; at <= single; at += 1) await deliver(at, 1);
  });
  const batchedPerSecond = await perSecond(batched, async () => {
    for (let at = 0; at < batched; at += batchSize) await deliver(single + 1 + at, Math.min(batchSize, batched - at));
  });
  await target.close();
  return {
    singlePerSecond: Math.round(singlePerSecond),
    batchedPerSecond: Math.round(batchedPerSecond),
    ratio: Math.round((batchedPerSecond / singlePerSecond) * 10) / 10,
    goal: GOAL,
  };
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return count / ((performance.now() - startedAt) / 1_000);
}

/** An incident of about 0.5 KB. */
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
