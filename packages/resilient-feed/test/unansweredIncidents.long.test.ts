import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { FeedBench } from './helpers/feedBench.js';
import { until } from './helpers/until.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('incidents of equal name and date whose create was not answered', () => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  const equal = () => bench.source.createIncident({ name: 'Equal', discovered_date: 77 }).id;
  const unanswered = async (deliver: () => Promise<unknown>, reset: 'before' | 'after') => {
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset, times: 1 });
    await expect(deliver()).rejects.toMatchObject({ kind: 'retryable' });
  };

  it('do not become one, also where both are looked for at once', async () => {
    const { target, events } = bench;
    const feed = await bench.feed({ syncReferenceFields: false, createSettleMs: 400 });
    const [first, second] = [await events.incident(equal()), await events.incident(equal())];
    await unanswered(() => bench.deliver(feed, first), 'after');
    await unanswered(() => bench.deliver(feed, second), 'before');
    const deliver = (event: FeedEvent) =>
      until(async () => (await bench.deliver(feed, event, 2)).status === 'delivered');
    await Promise.all([deliver(first), deliver(second)]);
    expect(target.incidentIds()).toHaveLength(2);
  });

  it('do not become one that was left in the target for good', async () => {
    const { source, target, events } = bench;
    const feed = await bench.feed({ syncReferenceFields: false, deleteIncidents: false, createSettleMs: 300 });
    const left = await events.incident(equal());
    await bench.deliver(feed, left);
    source.deleteIncident(left.key.incidentId);
    await bench.deliver(feed, events.deleteOf(left));
    const event = await events.incident(equal());
    await unanswered(() => bench.deliver(feed, event), 'before');
    await until(async () => (await bench.deliver(feed, event, 2)).status === 'delivered');
    expect(target.incidentIds()).toHaveLength(2);
  });
});
