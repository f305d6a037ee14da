import { setTimeout as sleep } from 'node:timers/promises';
import type { ParkedEvent, ParkedFilter } from '@soar-feed/core';
import { expect, it } from '../../runner/jestLike.js';
import { aDelete, anArtifact, anIncident, aNote, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../StoreSubject.js';

const FEED = 'replica';

export function lineScenarios(subject: StoreSubject): void {
  const list = async (filter: ParkedFilter) => {
    const rows: Omit<ParkedEvent, 'payload'>[] = [];
    for await (const row of subject.store.parked.list(filter)) rows.push(row);
    return rows;
  };
  const idsOf = (rows: readonly Omit<ParkedEvent, 'payload'>[]) => rows.map((row) => row.key.objectId);

  it('gives deferred rows oldest place first, at most as many as asked for, and leaves them', async () => {
    const { parked } = subject.store;
    for (const objectId of [30, 10, 20])
      await parked.park(FEED, aTask({ objectId, observedAtMs: 1_000 }), { state: 'deferred' });
    await parked.park(FEED, aTask({ objectId: 30, observedAtMs: 2_000, payload: { name: 'newer' } }), {
      state: 'deferred',
    });
    await parked.park(FEED, aTask({ objectId: 40 }), { state: 'undecided', message: '?' });
    await parked.park('other', aTask({ objectId: 50 }), { state: 'deferred' });

    expect(idsOf(await parked.takeDeferred(FEED, 2))).toEqual([30, 10]);
    const all = await parked.takeDeferred(FEED, 10);
    expect(idsOf(all)).toEqual([30, 10, 20]);
    expect(all[0]?.payload).toMatchObject({ name: 'newer' });
  });

  it('gives a payload back with all digits of its whole numbers', async () => {
    const { parked } = subject.store;
    const payload = { size: 9_007_199_254_740_993n, parts: [-18_446_744_073_709_551_615n, 1.5, 7] };
    await parked.park(FEED, aTask({ objectId: 1, payload }), { state: 'deferred' });
    expect((await parked.takeDeferred(FEED, 1))[0]?.payload).toMatchObject(payload);
  });

  it('gives deferred rows but for those of some incidents', async () => {
    const { parked } = subject.store;
    for (const [objectId, incidentId] of [
      [1, 7],
      [2, 8],
      [3, 9],
      [4, 7],
      [5, 8],
    ] as const)
      await parked.park(FEED, aTask({ objectId, incidentId }), { state: 'deferred' });
    expect(idsOf(await parked.takeDeferred(FEED, 2, [7]))).toEqual([2, 3]);
    expect(idsOf(await parked.takeDeferred(FEED, 10, [7, 8]))).toEqual([3]);
    expect(idsOf(await parked.takeDeferred(FEED, 10, []))).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives what waits on one parent, oldest place first, at most as many as asked for, and leaves it', async () => {
    const { parked } = subject.store;
    const on = aTask({ objectId: 310 }).key;
    for (const objectId of [3, 1, 2])
      await parked.park(FEED, aNote({ objectId, parent: on }), { state: 'waiting', on });
    await parked.park(FEED, aNote({ objectId: 4 }), { state: 'waiting', on: aTask({ objectId: 311 }).key });
    await parked.park(FEED, aNote({ objectId: 5 }), { state: 'waiting', on: { ...on, type: 'note' } });
    await parked.park(FEED, aNote({ objectId: 6, parent: on }), { state: 'deferred' });
    await parked.park('other', aNote({ objectId: 7, parent: on }), { state: 'waiting', on });

    expect(idsOf(await parked.takeWaitingOn(FEED, on, 2))).toEqual([3, 1]);
    expect(idsOf(await parked.takeWaitingOn(FEED, on, 10))).toEqual([3, 1, 2]);
    expect((await parked.takeWaitingOn(FEED, on, 1))[0]?.payload).toMatchObject({ text: expect.anything() });
  });

  it('no longer gives what another reason replaced', async () => {
    const { parked } = subject.store;
    const on = anIncident().key;
    await parked.park(FEED, aTask(), { state: 'waiting', on });
    await parked.park(FEED, aTask(), { state: 'failed', code: 'http-400', message: 'no', attempts: 1 });
    expect(await parked.takeWaitingOn(FEED, on, 10)).toEqual([]);
    expect(await list({ code: 'http-400' })).toHaveLength(1);
  });

  it('lists by feed, state, type, organization, incident and code, without payloads', async () => {
    const { parked } = subject.store;
    await parked.park(FEED, aTask({ objectId: 1, incidentId: 8 }), {
      state: 'failed',
      code: 'http-400',
      message: 'no',
      attempts: 1,
    });
    await parked.park(FEED, anArtifact({ objectId: 2, incidentId: 9 }), {
      state: 'failed',
      code: 'http-403',
      message: 'no',
      attempts: 1,
    });
    await parked.park('other', aTask({ objectId: 3, incidentId: 9 }), { state: 'deferred' });

    expect(idsOf(await list({}))).toEqual([1, 2, 3]);
    expect(idsOf(await list({ feed: 'other' }))).toEqual([3]);
    expect(idsOf(await list({ state: 'failed' }))).toEqual([1, 2]);
    expect(idsOf(await list({ type: 'task' }))).toEqual([1, 3]);
    expect(idsOf(await list({ incidentId: 9 }))).toEqual([2, 3]);
    const { orgId } = aTask().key;
    expect(idsOf(await list({ feed: FEED, orgId, incidentId: 9 }))).toEqual([2]);
    expect(idsOf(await list({ feed: FEED, orgId: orgId + 1, incidentId: 9 }))).toEqual([]);
    expect(idsOf(await list({ objectId: 3 }))).toEqual([3]);
    expect(idsOf(await list({ code: 'http-403' }))).toEqual([2]);
    expect(idsOf(await list({ state: 'failed', incidentId: 9, feed: 'other' }))).toEqual([]);
    const [first] = await list({});
    expect(first).toEqual(without(await parked.find(FEED, aTask({ objectId: 1, incidentId: 8 }).key)));
  });

  it('puts a row back in line at its place, to be read again, unless it was replaced or removed in the meantime', async () => {
    const { parked } = subject.store;
    const failed = { state: 'failed', code: 'http-400', message: 'no', attempts: 1 } as const;
    const task = aTask({ objectId: 1 });
    await parked.park(FEED, task, failed);
    await parked.park(FEED, aTask({ objectId: 2 }), { state: 'deferred' });
    const before = await parked.find(FEED, task.key);
    expect(await parked.rearm(FEED, task.key, (before?.revision ?? 0) + 1_000)).toBe(false);
    expect(await parked.rearm(FEED, task.key, before?.revision ?? 0)).toBe(true);

    const after = await parked.find(FEED, task.key);
    expect(after).toMatchObject({ why: { state: 'deferred' }, place: before?.place, eventId: task.id });
    expect(after).not.toHaveProperty('payload');
    expect(after?.revision).toBeGreaterThan(before?.revision ?? Infinity);
    expect(await parked.rearm(FEED, task.key, before?.revision ?? 0)).toBe(false);
    expect(idsOf(await parked.takeDeferred(FEED, 10))).toEqual([1, 2]);
    expect(await list({ code: 'http-400' })).toEqual([]);
  });

  it('remembers that an event took the place of another one, and forgets what a person decided about that', async () => {
    const { parked } = subject.store;
    const whyOf = async () => (await parked.find(FEED, aTask().key))?.why;
    await parked.park(FEED, aTask(), { state: 'deferred', decided: true });
    await parked.park(FEED, aTask(), { state: 'deferred' });
    expect(await whyOf()).toEqual({ state: 'deferred' });
    await parked.park(FEED, aTask({ id: 'newer', observedAtMs: aTask().observedAtMs + 1 }), { state: 'deferred' });
    expect(await whyOf()).toEqual({ state: 'deferred', replaces: true });
    // Which of the two is right cannot be determined, so the object is read.
    await parked.park(FEED, aTask({ id: 'older', observedAtMs: 1 }), { state: 'deferred' });
    expect(await whyOf()).toEqual({ state: 'deferred', replaces: true });
  });

  it('remembers both whatever becomes of the row', async () => {
    const { parked } = subject.store;
    const marks = { decided: true, replaces: true } as const;
    const why = { state: 'failed', code: 'http-500', message: 'broken', attempts: 8 } as const;
    await parked.park(FEED, aTask(), { state: 'deferred', ...marks });
    const row = async () => parked.find(FEED, aTask().key);
    expect(await parked.fail(FEED, aTask().key, (await row())?.revision ?? 0, why)).toBe(true);
    expect((await row())?.why).toEqual({ ...why, ...marks });
    expect(await parked.rearm(FEED, aTask().key, (await row())?.revision ?? 0)).toBe(true);
    expect((await row())?.why).toEqual({ state: 'deferred', ...marks });
  });

  it('remembers that a person decided, where the target was in doubt', async () => {
    const { parked } = subject.store;
    const asked = { state: 'failed', code: 'target-missing', message: 'deleted', attempts: 1 } as const;
    for (const why of [
      { state: 'undecided', message: 'which?' },
      asked,
      { state: 'deferred', decided: true },
    ] as const) {
      await parked.park(FEED, aTask(), why);
      await parked.rearm(FEED, aTask().key, (await parked.find(FEED, aTask().key))?.revision ?? 0);
      expect((await parked.find(FEED, aTask().key))?.why).toEqual({ state: 'deferred', decided: true });
    }
  });

  it('keeps what a delete says when its row is put back in line', async () => {
    const { parked } = subject.store;
    const gone = aDelete(aTask());
    await parked.park(FEED, gone, { state: 'failed', code: 'http-400', message: 'no', attempts: 1 });
    await parked.rearm(FEED, gone.key, (await parked.find(FEED, gone.key))?.revision ?? 0);
    const why = { state: 'deferred' };
    expect(await parked.find(FEED, gone.key)).toMatchObject({ operation: 'delete', payload: gone.payload, why });
  });

  it('gives a row up at its place, unless it was replaced or removed in the meantime', async () => {
    const { parked } = subject.store;
    const why = { state: 'failed', code: 'forbidden', message: 'not for you', attempts: 1 } as const;
    const on = anIncident().key;
    const task = aTask({ objectId: 1 });
    await parked.park(FEED, task, { state: 'waiting', on });
    await parked.park(FEED, aTask({ objectId: 2 }), { state: 'deferred' });
    const before = await parked.find(FEED, task.key);
    expect(await parked.fail(FEED, task.key, (before?.revision ?? 0) + 1_000, why)).toBe(false);
    expect(await parked.fail('other', task.key, before?.revision ?? 0, why)).toBe(false);
    expect(await parked.fail(FEED, task.key, before?.revision ?? 0, why)).toBe(true);

    const after = await parked.find(FEED, task.key);
    const { revision: _, ...kept } = before ?? { revision: 0 };
    expect(after).toMatchObject({ ...kept, why });
    expect(after?.revision).toBeGreaterThan(before?.revision ?? Infinity);
    expect(await parked.fail(FEED, task.key, before?.revision ?? 0, why)).toBe(false);
    expect(await parked.takeWaitingOn(FEED, on, 10)).toEqual([]);
    expect(idsOf(await list({ code: 'forbidden' }))).toEqual([1]);
    expect(idsOf(await list({}))).toEqual([1, 2]);
  });

  it('counts rows and raw messages by feed, state and code, with the age of the oldest', async () => {
    const { parked } = subject.store;
    expect(await parked.counts()).toEqual([]);
    const from = Date.now();
    await parked.park(FEED, aTask({ objectId: 1 }), { state: 'deferred' });
    const afterFirst = Date.now();
    await sleep(5);
    await parked.park(FEED, aTask({ objectId: 2 }), { state: 'deferred' });
    await parked.park(FEED, aTask({ objectId: 3 }), { state: 'undecided', message: '?' });
    await parked.park('other', aTask({ objectId: 1 }), { state: 'deferred' });
    const failed = { state: 'failed', message: 'no', attempts: 1 } as const;
    for (const objectId of [4, 5]) await parked.park(FEED, aTask({ objectId }), { ...failed, code: 'refused' });
    await parked.park(FEED, aTask({ objectId: 6 }), { ...failed, code: 'forbidden' });
    await parked.parkRaw({ messageId: 'm', queue: 'q', headers: {}, body: '[' }, 'not-json', 'no');
    const counts = await parked.counts();
    expect(counts).toHaveLength(6);
    const rows = (state: string, feed?: string) => counts.find((count) => count.state === state && count.feed === feed);
    expect(rows('deferred', FEED)?.rows).toBe(2);
    expect(rows('deferred', FEED)?.oldestAtMs).toBeLessThanOrEqual(afterFirst);
    expect(rows('undecided', FEED)?.rows).toBe(1);
    const failures = counts.filter(({ state }) => state === 'failed').map(({ code, rows }) => [code, rows]);
    expect(failures.sort()).toEqual([
      ['forbidden', 1],
      ['refused', 2],
    ]);
    expect(rows('deferred', FEED)).not.toHaveProperty('code');
    expect(rows('deferred', 'other')?.rows).toBe(1);
    expect(rows('raw')).toStrictEqual({ state: 'raw', rows: 1, oldestAtMs: expect.any(Number) });
    for (const { oldestAtMs } of counts) expect(oldestAtMs).toBeGreaterThanOrEqual(from);
    for (const { oldestAtMs } of counts) expect(oldestAtMs).toBeLessThanOrEqual(Date.now());
  });

  it('lists many rows in order, also while rows before and behind come and go', async () => {
    const { parked } = subject.store;
    const ids = Array.from({ length: 250 }, (_, at) => at + 1);
    await Promise.all(ids.map((objectId) => parked.park(FEED, aTask({ objectId }), { state: 'deferred' })));
    const seen: number[] = [];
    for await (const row of parked.list({ feed: FEED })) {
      seen.push(row.key.objectId);
      if (seen.length === 220)
        await parked.remove(
          FEED,
          aTask({ objectId: 3 }).key,
          (await parked.find(FEED, aTask({ objectId: 3 }).key))?.revision ?? 0,
        );
    }
    expect(seen).toEqual(ids);
  });
}

function without(row: ParkedEvent | undefined): unknown {
  const { payload, ...rest } = row ?? {};
  expect(payload).toBeDefined();
  return rest;
}
