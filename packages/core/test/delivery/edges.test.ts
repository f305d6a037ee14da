import { describe, expect, it } from '@jest/globals';
import { PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import { aNote, anIncident, aTask } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();
const deferred = { state: 'deferred' } as const;
const forever = () => new Promise<never>(() => undefined);

describe('a feed whose target says that it is down', () => {
  const down = async (error: Error) => {
    const target = new ScriptedTarget();
    target.healthState = 'down';
    target.answer = () => error;
    const made = bench(target);
    await made.feed.start();
    const ended = made.feed.accept(aTask());
    await settle();
    return { ...made, ended };
  };

  it('gives up on an object that was refused for itself', async () => {
    const { ended, feed } = await down(new PermanentError('no', { code: 'refused' }));
    expect(await ended).toMatchObject({ failed: true, reason: 'refused: no' });
    expect(feed.status().state).toBe('up');
  });

  it('tries again what may be tried again, with 403 too', async () => {
    const busy = Object.assign(new RetryableError('busy', { code: 'busy' }), { status: 403 });
    const { feed } = await down(busy);
    expect(feed.status()).toMatchObject({ state: 'up', queued: 1 });
  });

  it('pauses for a 403, also where a library wrapped it', async () => {
    const cause = Object.assign(new Error('forbidden'), { status: 403 });
    const { feed } = await down(new PermanentError('no', { code: 'refused', cause }));
    expect(feed.status()).toMatchObject({ state: 'down', queued: 1, counts: { failed: 0 } });
  });
});

describe('a row whose event was delivered', () => {
  it('is not brought back while its end is being committed', async () => {
    const target = new ScriptedTarget();
    let letGo: () => void = () => undefined;
    target.answer = () => new Promise((resolve) => (letGo = () => resolve({ status: 'delivered', change: 'created' })));
    const made = bench(target);
    await made.feed.start();
    const event = aTask();
    made.rebuilt.set('task/310', event);
    const ended = made.feed.accept(event);
    await settle();
    await made.feed.makeWay();
    expect(await ended).toMatchObject({ outcome: 'parked' });
    const [row] = await made.parking.deferred();
    expect(row).toBeDefined();
    const { settlements } = made.store;
    const write = settlements.settle.bind(settlements);
    let commit: () => void = () => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    settlements.settle = async (settlement) => {
      await committed;
      return write(settlement);
    };
    letGo();
    await settle();
    if (row !== undefined) await made.back.bring(row);
    await settle();
    commit();
    await settle();
    expect(target.seen).toEqual(['2100/task/310']);
    expect(await made.parking.find(event.key)).toBeUndefined();
  });
});

describe('an event that fails late', () => {
  /** An event that is freed by its row while it is under way, and fails after `meanwhile`. */
  const failing = async (meanwhile: (made: ReturnType<typeof bench>, revision: number) => Promise<unknown>) => {
    const target = new ScriptedTarget();
    let fail: () => void = () => undefined;
    target.answer = () =>
      new Promise((resolve) => (fail = () => resolve(new PermanentError('no', { code: 'refused' }))));
    const made = bench(target);
    await made.feed.start();
    const ended = made.feed.accept(aNote({ id: 'ours' }));
    await settle();
    await made.feed.makeWay();
    expect(await ended).toMatchObject({ outcome: 'parked' });
    const row = await made.parking.find(aNote().key);
    await meanwhile(made, row?.revision ?? Number.NaN);
    fail();
    await settle();
    return { ...made, row: await made.parking.find(aNote().key) };
  };

  it('fails with its row', async () => {
    const { row, feed } = await failing(async () => undefined);
    expect(row).toMatchObject({ eventId: 'ours', why: { state: 'failed', code: 'refused' } });
    expect(feed.status()).toMatchObject({ counts: { failed: 1 }, parked: { failed: 1, deferred: 0 }, queued: 0 });
  });

  it('leaves the row of another event of its object, though that shows the same', async () => {
    const { row, feed } = await failing(({ feed: busy }) =>
      busy.accept(aNote({ id: 'other', observedAtMs: aNote().observedAtMs + 1 })),
    );
    expect(row).toMatchObject({ eventId: 'other', why: { state: 'deferred' } });
    expect(feed.status()).toMatchObject({ counts: { failed: 0 }, parked: { failed: 0, deferred: 1 }, queued: 0 });
  });

  it('leaves the row that was put back in line by hand', async () => {
    const { row, feed } = await failing(({ store }, revision) =>
      store.parked.rearm('test_feed', aNote().key, revision),
    );
    expect(row).toMatchObject({ eventId: 'ours', why: { state: 'deferred' } });
    expect(feed.status()).toMatchObject({ counts: { failed: 0 }, queued: 0 });
  });

  it('makes no row again that was dropped by hand', async () => {
    const { row, feed } = await failing(({ store }, revision) =>
      store.parked.remove('test_feed', aNote().key, revision),
    );
    expect(row).toBeUndefined();
    expect(feed.status()).toMatchObject({ counts: { failed: 0 }, parked: { deferred: 0, failed: 0 }, queued: 0 });
  });
});

describe('a feed at rest', () => {
  it('is restless while something comes back by itself, and only while its target is up', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    await made.feed.start();
    expect(made.feed.restless).toBe(false);
    await made.parking.park(aTask(), deferred);
    expect(made.feed.restless).toBe(true);
    target.answer = () => new UnavailableError('away', { code: 'away' });
    target.onOpen = forever;
    void made.feed.accept(anIncident({ incidentId: 7 })).catch(() => undefined);
    await settle();
    // What it has in memory is on its way, whatever its target does.
    expect(made.feed).toMatchObject({ up: false, restless: true });
  });

  it('is not restless for what stands parked while its target is away', async () => {
    const target = new ScriptedTarget();
    target.onOpen = () => {
      throw new UnavailableError('away', { code: 'away' });
    };
    const made = bench(target);
    await made.feed.start();
    await made.parking.park(aTask(), deferred);
    expect(made.feed).toMatchObject({ up: false, restless: false });
  });

  it('lets what waits for a parked parent wait, and not what waits for one that nobody holds', async () => {
    const made = bench(new ScriptedTarget());
    await made.feed.start();
    const incident = anIncident();
    await made.parking.park(incident, { state: 'failed', code: 'refused', message: 'no', attempts: 1 });
    await made.parking.park(aNote(), { state: 'waiting', on: incident.key });
    expect(made.feed.restless).toBe(false);
    await made.parking.park(aNote({ incidentId: 7 }), { state: 'waiting', on: { ...incident.key, incidentId: 7 } });
    expect(made.feed.restless).toBe(true);
  });
});

describe('a feed that stops', () => {
  it('hands nothing more to its target, though places at it become free', async () => {
    const target = new ScriptedTarget();
    target.answer = forever;
    const made = bench(target, { concurrency: 2 });
    await made.feed.start();
    const ends = [1, 2, 3].map((incidentId) => made.feed.accept(anIncident({ incidentId })));
    await settle();
    expect(target.seen).toHaveLength(2);
    const stopped = made.feed.stop(0);
    for (let turn = 0; turn < 10; turn += 1) await made.clock.advance(5);
    await stopped;
    expect(target.seen).toHaveLength(2);
    for (const end of ends) expect(await end).toMatchObject({ outcome: 'parked' });
  });
});

describe('a row that is brought back', () => {
  it('can be brought back again after the source did not answer', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    await made.feed.start();
    const event = aTask();
    await made.parking.park(event, deferred);
    const [row] = await made.parking.deferred();
    if (row === undefined) throw new Error('no row');
    made.rebuilt.set('task/310', new UnavailableError('away', { code: 'away' }));
    await expect(made.back.bring(row)).rejects.toMatchObject({ code: 'away' });
    made.rebuilt.set('task/310', event);
    await made.back.bring(row);
    await settle();
    expect(target.seen).toEqual(['2100/task/310']);
    expect(await made.parking.find(event.key)).toBeUndefined();
  });

  it('stands in its lane once, also where it was read anew', async () => {
    const target = new ScriptedTarget();
    target.answer = forever;
    const made = bench(target);
    await made.feed.start();
    const event = aTask();
    await made.parking.park(event, deferred);
    const [row] = await made.parking.deferred();
    if (row === undefined) throw new Error('no row');
    made.rebuilt.set('task/310', { ...event, id: 'read anew' });
    await made.back.bring(row);
    await made.back.bring(row);
    await settle();
    expect(made.feed.status().queued).toBe(1);
  });
});
