import { beforeEach, describe, expect, it } from '@jest/globals';
import { aDelete, aNote, anIncident, aTask, fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import type { FakeClock } from '@soar-feed/feed-testkit';
import { StoreError } from '../../src/index.js';
import type { FeedEvent } from '../../src/contract/FeedEvent.js';
import type { ParkedFilter } from '../../src/contract/FeedStore.js';
import { MemoryStore } from '../../src/parking/MemoryStore.js';
import { Parking } from '../../src/parking/Parking.js';

const FEED = 'test_feed';
const deferred = { state: 'deferred' } as const;

let store: MemoryStore;
let clock: FakeClock;
let parking: Parking;

beforeEach(async () => {
  store = new MemoryStore();
  await store.open();
  clock = fakeClock();
  const context = { clock, log: recordingLogger(), health: { problem: undefined } };
  parking = new Parking(FEED, store, { ...context, signal: new AbortController().signal });
});

describe('Parking', () => {
  it('gives what was applied last while a superseded snapshot is being settled, not that one', async () => {
    const { key, id: eventId } = anIncident();
    const applied = { outcome: 'delivered', stamp: { kind: 'vers', value: 5 }, deleted: false } as const;
    await parking.settle({ key, eventId, ...applied });
    let commit: () => void = () => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    const late = { outcome: 'superseded', stamp: { kind: 'vers', value: 4 }, deleted: false } as const;
    const settled = parking.settle({ key, eventId: 'late', ...late }, committed);
    expect(await parking.last(key)).toMatchObject(applied);
    commit();
    await settled;
    expect(await parking.last(key)).toMatchObject(applied);
  });

  describe('while the store refuses', () => {
    /** Once, the first that comes. */
    function refusing<A extends readonly unknown[], T>(work: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
      let refusals = 1;
      return (...args) => {
        if (refusals-- > 0) return Promise.reject(new StoreError('No space is left.', { code: 'store-full' }));
        return work(...args);
      };
    }
    const [first, second] = [1, 2].map((observedAtMs) => aTask({ id: `message ${observedAtMs}`, observedAtMs })) as [
      FeedEvent,
      FeedEvent,
    ];

    it('parks the events of one object in their order', async () => {
      store.parked.park = refusing(store.parked.park.bind(store.parked));
      const parked = Promise.all([parking.park(first, deferred), parking.park(second, deferred)]);
      await clock.advance(1_000);
      await parked;
      // Otherwise the older one would make it doubtful, and its payload would be gone.
      expect(await parking.find(first.key)).toMatchObject({ eventId: second.id, payload: second.payload });
    });

    it('ends them in their order', async () => {
      store.settlements.settle = refusing(store.settlements.settle.bind(store.settlements));
      const end = { key: first.key, outcome: 'delivered', stamp: { kind: 'broker', value: 1 } } as const;
      const settled = Promise.all([
        parking.settle({ ...end, eventId: 'made', deleted: false }),
        parking.settle({ ...end, eventId: 'deleted', deleted: true }),
      ]);
      await clock.advance(1_000);
      await settled;
      expect(await parking.last(first.key)).toMatchObject({ deleted: true });
    });
  });

  it('gives what is being committed as applied already', async () => {
    const { key, id: eventId } = anIncident();
    let commit: () => void = () => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    const applied = { outcome: 'delivered', stamp: { kind: 'vers', value: 5 }, deleted: false } as const;
    const settled = parking.settle({ key, eventId, ...applied }, committed);
    expect(await parking.last(key)).toMatchObject(applied);
    commit();
    await settled;
  });

  it('keeps what a parked delete says of its object when a reload finds the object missing, too', async () => {
    const note = aNote();
    const told = { ...aDelete(note, { origin: 'queue' }), payload: note.payload };
    await parking.park(told, deferred);
    const found = aDelete(note, { origin: 'reload', observedAtMs: told.observedAtMs + 1 });
    await parking.park({ ...found, id: 'found', payload: { id: note.key.objectId } }, deferred);
    expect(await parking.find(note.key)).toMatchObject({
      eventId: 'found',
      operation: 'delete',
      payload: note.payload,
    });
  });

  it('forgets rows that went meanwhile when it is loaded anew, and keeps the others', async () => {
    const [gone, stays] = [aTask(), aNote()];
    for (const event of [gone, stays]) await parking.park(event, deferred);
    const row = await store.parked.find(FEED, gone.key);
    await store.parked.remove(FEED, gone.key, row?.revision ?? 0);
    expect(parking.index.has(gone.key)).toBe(true);
    await parking.load();
    expect(parking.index.has(gone.key)).toBe(false);
    expect(parking.index.has(stays.key)).toBe(true);
  });

  it('keeps a row that is parked while it is loaded anew', async () => {
    await parking.park(aTask(), deferred);
    const list = store.parked.list.bind(store.parked);
    // The list reads what is committed now, but answers a little later, as any database does.
    store.parked.list = async function* (filter) {
      const rows = [];
      for await (const row of list(filter)) rows.push(row);
      await parking.park(aNote(), deferred);
      yield* rows;
    };
    await parking.load();
    expect([aTask(), aNote()].map(({ key }) => parking.index.has(key))).toEqual([true, true]);
  });

  it('knows each object once: where it was applied it keeps its place, and what only stands parked comes along', async () => {
    const [note, task] = [aNote(), aTask()];
    const range = { orgId: note.key.orgId, minIncidentId: 1 };
    await parking.settle({ key: note.key, eventId: 'first', outcome: 'delivered', deleted: false, taskId: 310 });
    // This snapshot does not name the task.
    for (const event of [note, task]) await parking.park(event, deferred);
    expect(await parking.known(range)).toEqual([{ key: note.key, taskId: 310 }, { key: task.key }]);
  });

  it('asks for the rows of an incident at once, and of no other incident, for what stands parked in a range', async () => {
    const events = [1, 2, 3].map((objectId) => aTask({ incidentId: 5, objectId }));
    for (const event of [...events, aTask({ incidentId: 6, objectId: 4 })]) await parking.park(event, deferred);
    const asked: ParkedFilter[] = [];
    const list = store.parked.list.bind(store.parked);
    store.parked.list = (filter) => {
      asked.push(filter);
      return list(filter);
    };
    const { orgId } = aTask().key;
    const known = await parking.known({ orgId, minIncidentId: 1, maxIncidentId: 5 });
    expect(known.map(({ key }) => key)).toEqual(events.map(({ key }) => key));
    expect(asked).toEqual([{ feed: FEED, orgId, incidentId: 5 }]);
  });

  it('asks nothing for a deleted object whose incident has no failed rows', async () => {
    const failed = { state: 'failed', code: 'x', message: 'm', attempts: 1 } as const;
    await parking.park(aTask({ incidentId: 6, objectId: 4 }), failed);
    let asked = 0;
    const list = store.parked.list.bind(store.parked);
    store.parked.list = (filter) => {
      asked += 1;
      return list(filter);
    };
    await parking.rearmBelow(aTask({ incidentId: 5 }).key);
    expect(asked).toBe(0);
    await parking.rearmBelow(aTask({ incidentId: 6 }).key);
    expect(asked).toBe(1);
  });
});
