import { expect, it } from '@jest/globals';
import { RetryableError } from '@soar-feed/core';
import { anIncident, aTask } from '@soar-feed/feed-testkit';
import { EventWatch } from '../../src/telemetry/EventWatch.js';
import type { PassingEvent } from '../../src/telemetry/EventWatch.js';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();

it('lags by the oldest change that has not arrived, counted from the change itself', async () => {
  const target = new ScriptedTarget();
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  target.answer = async () => {
    await opened;
    return { status: 'delivered', change: 'updated' };
  };
  const { feed, clock } = bench(target);
  await feed.start();
  expect(feed.status().pace).toMatchObject({ lagSeconds: 0, arrivals: { changes: 0 } });
  const ends = [
    feed.accept(anIncident({ incidentId: 1 }), { changedAtMs: clock.now() - 4_000 }),
    // Nobody changed what a reload reads.
    feed.accept(anIncident({ incidentId: 2 })),
  ];
  await clock.advance(2_000);
  expect(feed.status()).toMatchObject({ oldestMs: 2_000, pace: { lagSeconds: 6 } });
  open();
  await Promise.all(ends);
  const { lagSeconds, arrivals, perSecond } = feed.status().pace;
  expect([lagSeconds, arrivals.changes, arrivals.p50Seconds]).toEqual([0, 1, expect.closeTo(6, 0)]);
  expect([perSecond.received.last1m, perSecond.delivered.last1m]).toEqual([1, 1]);
});

it('still lags by the first change when it was parked, and counts its whole way once it comes back', async () => {
  const target = new ScriptedTarget();
  const made = bench(target, { spillAfterMs: 5_000 });
  const { feed, back, clock, store, rebuilt } = made;
  await feed.start();
  const note = aTask({ incidentId: 7, objectId: 70 });
  target.answer = (event) =>
    event.key.type === 'task' && !target.seen.includes('7/incident/7@1')
      ? { status: 'waiting', on: anIncident({ incidentId: 7 }).key }
      : { status: 'delivered', change: 'created' };
  const parked = await feed.accept(note, { changedAtMs: clock.now() - 1_000 });
  expect(parked.outcome).toBe('parked');
  await clock.advance(9_000);
  expect(feed.status()).toMatchObject({ queued: 0, parked: { waiting: 1 }, pace: { lagSeconds: 10 } });
  rebuilt.set('task/70', note);
  const [row] = await store.parked.takeWaitingOn('test_feed', anIncident({ incidentId: 7 }).key, 1);
  if (row === undefined) throw new Error('The row is gone.');
  await feed.accept(anIncident({ incidentId: 7 }));
  await back.bring(row);
  await settle();
  const { lagSeconds, arrivals } = feed.status().pace;
  expect([lagSeconds, arrivals.changes, arrivals.p50Seconds]).toEqual([0, 1, expect.closeTo(10, 0)]);
});

it('tells whoever watches of each event: which object, what became of it, how long it took, and nothing of its fields', async () => {
  const target = new ScriptedTarget();
  const watch = new EventWatch();
  const heard: PassingEvent[] = [];
  const end = watch.listen((passing) => heard.push(passing));
  const { feed, clock } = bench(target, {}, undefined, watch);
  await feed.start();
  let tries = 0;
  target.answer = (event) => {
    if (event.key.type === 'task')
      return { status: 'skipped', reason: `not a task named ${String(event.payload.name)}` };
    return (tries += 1) === 1
      ? new RetryableError('busy: secret title', { code: 'busy' })
      : { status: 'delivered', change: 'created' };
  };
  const incident = feed.accept(anIncident({ incidentId: 3 }), { changedAtMs: clock.now() });
  await clock.advance(10_000);
  await Promise.all([incident, feed.accept(aTask({ incidentId: 3, objectId: 30 }))]);
  expect(heard.map(({ outcome, code, ms }) => [outcome, code, ms === undefined])).toEqual([
    ['retried', 'busy', false],
    ['created', undefined, false],
    ['skipped', undefined, true],
  ]);
  expect(Object.keys(heard[1] ?? {}).sort()).toEqual(
    ['atMs', 'feed', 'incidentId', 'ms', 'objectId', 'operation', 'origin', 'outcome', 'type'].sort(),
  );
  expect(heard[0]).toMatchObject({ feed: 'test_feed', type: 'incident', objectId: 3, incidentId: 3 });
  end();
  await feed.accept(aTask({ incidentId: 3, objectId: 31 }));
  expect(heard).toHaveLength(3);
});
