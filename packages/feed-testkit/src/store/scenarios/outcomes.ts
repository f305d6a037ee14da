import type { FeedEvent, Settlement } from '@soar-feed/core';
import { expect, it } from '../../runner/jestLike.js';
import { anIncident, aNote, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../StoreSubject.js';
import { CIRCLE } from './circle.js';

const FEED = 'replica';
const NONE = { delivered: 0, skipped: 0, superseded: 0, dropped: 0, parked: 0 };

export function outcomeScenarios(subject: StoreSubject): void {
  const settle = (event: FeedEvent, over: Partial<Settlement> = {}) =>
    subject.store.settlements.settle({
      feed: FEED,
      key: event.key,
      eventId: event.id,
      outcome: 'delivered',
      deleted: false,
      ...over,
    });
  const outcomeOf = async (event: FeedEvent) => {
    const found = await subject.store.outcomes.find(FEED, event.id);
    return found === undefined ? undefined : [found.outcome, found.reason];
  };
  const totals = async () =>
    Object.fromEntries((await subject.store.outcomes.totals()).map(({ feed, totals: of }) => [feed, of]));
  const revisionOf = async (event: FeedEvent) =>
    (await subject.store.parked.find(FEED, event.key))?.revision ?? Number.NaN;

  it('says of every event how it ended, and why', async () => {
    const [delivered, skipped, dropped] = [aTask({ id: 'a' }), aNote({ id: 'b' }), anIncident({ id: 'c' })];
    const from = Date.now();
    await settle(delivered);
    await settle(skipped, { outcome: 'skipped', reason: 'filtered: \ud800\u0000' });
    await settle(dropped, { outcome: 'dropped', reason: 'by hand' });
    const found = await subject.store.outcomes.find(FEED, 'a');
    expect(found).toEqual({
      feed: FEED,
      eventId: 'a',
      key: delivered.key,
      outcome: 'delivered',
      settledAtMs: expect.any(Number),
    });
    expect(found?.settledAtMs).toBeGreaterThanOrEqual(from);
    expect(await outcomeOf(skipped)).toEqual(['skipped', expect.stringMatching(/^filtered: /)]);
    expect(await outcomeOf(dropped)).toEqual(['dropped', 'by hand']);
    expect(await subject.store.outcomes.find('other', 'a')).toBeUndefined();
    expect(await totals()).toEqual({ [FEED]: { ...NONE, delivered: 1, skipped: 1, dropped: 1 } });
  });

  it('tells how the last event of a type and id ended, at every feed', async () => {
    const { key } = aNote();
    await settle(aNote({ id: 'old' }), { outcome: 'skipped', reason: 'filtered' });
    await settle(aNote({ id: 'new' }));
    await settle(aNote({ id: 'other' }), { feed: 'other', outcome: 'skipped' });
    await settle(aNote({ id: 'like' }), { key: { ...key, type: 'a_note' } });
    await settle(aNote({ id: 'any' }), { key: { ...key, type: '%' } });
    const named = await subject.store.outcomes.named(key.type, key.objectId);
    expect(named.map(({ feed, eventId }) => [feed, eventId]).sort()).toEqual([
      ['other', 'other'],
      [FEED, 'new'],
    ]);
    expect(await subject.store.outcomes.named('%', key.objectId)).toHaveLength(1);
    expect(await subject.store.outcomes.named(key.type, key.objectId + 1)).toEqual([]);
  });

  it('says that an event is parked, and in which state, until its row ends', async () => {
    const task = aTask();
    await subject.store.parked.park(FEED, task, { state: 'deferred' });
    expect(await outcomeOf(task)).toEqual(['parked', 'deferred']);
    await subject.store.parked.park(FEED, task, { state: 'failed', code: 'http-400', message: 'no', attempts: 1 });
    expect(await outcomeOf(task)).toEqual(['parked', 'failed']);
    await subject.store.parked.rearm(FEED, task.key, await revisionOf(task));
    expect(await outcomeOf(task)).toEqual(['parked', 'deferred']);
    const why = { state: 'failed', code: 'forbidden', message: 'no', attempts: 1 } as const;
    await subject.store.parked.fail(FEED, task.key, await revisionOf(task), why);
    expect(await outcomeOf(task)).toEqual(['parked', 'failed']);
    await settle(task, { parkedRevision: await revisionOf(task) });
    expect(await outcomeOf(task)).toEqual(['delivered', undefined]);
    expect(await totals()).toEqual({ [FEED]: { ...NONE, parked: 1, delivered: 1 } });
  });

  it('ends a parked event as superseded when a newer snapshot takes its row, and a late one as well', async () => {
    const [older, newer] = [1, 2].map((at) => aTask({ observedAtMs: at * 1_000 })) as [FeedEvent, FeedEvent];
    const late = aTask({ observedAtMs: 500 });
    await subject.store.parked.park(FEED, older, { state: 'deferred' });
    await subject.store.parked.park(FEED, newer, { state: 'deferred' });
    await subject.store.parked.park(FEED, late, { state: 'deferred' });
    expect(await outcomeOf(older)).toEqual(['superseded', expect.any(String)]);
    expect(await outcomeOf(late)).toEqual(['superseded', expect.any(String)]);
    expect(await outcomeOf(newer)).toEqual(['parked', 'deferred']);
    expect((await subject.store.parked.find(FEED, newer.key))?.eventId).toBe(newer.id);
    expect(await totals()).toEqual({ [FEED]: { ...NONE, parked: 2, superseded: 2 } });
  });

  it('ends what stood below a deleted object as skipped, and what is taken away as dropped', async () => {
    const [task, note] = [aTask(), aNote({ parent: aTask().key })];
    await subject.store.parked.park(FEED, task, { state: 'deferred' });
    await subject.store.parked.park(FEED, note, { state: 'waiting', on: task.key });
    await subject.store.parked.removeBelow(FEED, task.key);
    expect(await outcomeOf(note)).toEqual(['skipped', 'its task 310 was deleted']);
    await subject.store.parked.remove(FEED, task.key, await revisionOf(task));
    expect(await outcomeOf(task)).toEqual(['dropped', expect.any(String)]);
    expect(await totals()).toEqual({ [FEED]: { ...NONE, parked: 2, skipped: 1, dropped: 1 } });
  });

  it('tells apart the feeds of one event, and keeps the latest where it comes again', async () => {
    const task = aTask();
    await settle(task);
    await settle(task, { feed: 'other', outcome: 'skipped' });
    await settle(task, { outcome: 'superseded', reason: 'came again' });
    expect(await outcomeOf(task)).toEqual(['superseded', 'came again']);
    expect(await subject.store.outcomes.find('other', task.id)).toMatchObject({ outcome: 'skipped' });
  });

  it('has all outcomes of what shared a commit, the last of an event that ended twice in it', async () => {
    const tasks = Array.from({ length: 300 }, (_, at) => aTask({ objectId: at, id: `t-${at}` }));
    await Promise.all([
      ...tasks.map((task) => settle(task)),
      ...tasks.map((task) => settle(task, { outcome: 'skipped' })),
    ]);
    const found = await Promise.all(tasks.map((task) => outcomeOf(task)));
    expect(new Set(found.map((outcome) => outcome?.[0]))).toEqual(new Set(['skipped']));
    expect(await totals()).toEqual({ [FEED]: { ...NONE, delivered: 300, skipped: 300 } });
  });

  it('counts nothing of a change that could not be made', async () => {
    const bad = aTask({ objectId: 7, payload: { size: CIRCLE } });
    await Promise.allSettled([
      subject.store.parked.park(FEED, aTask({ objectId: 6 }), { state: 'deferred' }),
      subject.store.parked.park(FEED, bad, { state: 'deferred' }),
    ]);
    expect(await outcomeOf(bad)).toBeUndefined();
    expect(await totals()).toEqual({ [FEED]: { ...NONE, parked: 1 } });
  });

  it('forgets by age, some at a time, but never what is still parked nor the totals', async () => {
    const tasks = Array.from({ length: 5 }, (_, at) => aTask({ objectId: at, id: `t-${at}` }));
    for (const task of tasks) await settle(task);
    const parked = aNote();
    await subject.store.parked.park(FEED, parked, { state: 'deferred' });
    const { outcomes } = subject.store;
    expect(await outcomes.prune(Date.now() - 60_000, 100)).toBe(0);
    const later = Date.now() + 1_000;
    expect(await outcomes.prune(later, 3)).toBe(3);
    expect(await outcomes.prune(later, 3)).toBe(2);
    expect(await outcomes.prune(later, 3)).toBe(0);
    expect(await outcomes.find(FEED, 't-0')).toBeUndefined();
    expect(await outcomeOf(parked)).toEqual(['parked', 'deferred']);
    expect(await totals()).toEqual({ [FEED]: { ...NONE, delivered: 5, parked: 1 } });
  });
}
