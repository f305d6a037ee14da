import { describe, expect, it } from '@jest/globals';
import { aDelete, aNote, anIncident, aTask } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '../../src/contract/FeedEvent.js';
import type { ParkReason } from '../../src/contract/FeedStore.js';
import { dropParked, retryParked, selectRaw } from '../../src/parking/byHand.js';
import { MemoryStore } from '../../src/parking/MemoryStore.js';
import { makeFeed, ScriptedTarget, settle } from '../delivery/feedBench.js';

const FAILED: ParkReason = { state: 'failed', code: 'http-400', message: 'no', attempts: 8 };

/** An open store with rows of feed `f`. */
async function storeOf(...rows: readonly (readonly [FeedEvent, ParkReason])[]) {
  const store = new MemoryStore();
  await store.open();
  for (const [event, why] of rows) await store.parked.park('f', event, why);
  return store;
}

const raw = (messageId: string) => ({ messageId, queue: 'q', headers: {}, body: '{' });

describe('retryParked', () => {
  it('puts back in line what would not come by itself, to be read anew, and leaves the rest', async () => {
    const [incident, task, note] = [anIncident(), aTask(), aNote()];
    const store = await storeOf(
      [incident, FAILED],
      [task, { ...FAILED, code: 'other' }],
      [note, { state: 'waiting', on: task.key }],
      [aTask({ objectId: 2 }), { state: 'deferred' }],
    );
    const wish = {
      feed: 'f',
      key: aNote({ objectId: 9 }).key,
      eventId: 'e',
      outcome: 'delivered',
      deleted: false,
    } as const;
    await store.settlements.settle({ ...wish, resync: true });
    const report = await retryParked(store, {});
    expect(report).toMatchObject({ rows: 3, raw: 0, left: 2, undecided: 0 });
    expect(report.touched.map(({ key }) => key)).toEqual([incident.key, task.key, note.key]);
    for (const { key, id } of [incident, task, note]) {
      const row = await store.parked.find('f', key);
      expect(row).toMatchObject({ why: { state: 'deferred' }, eventId: id });
      expect(row).not.toHaveProperty('payload');
    }
    expect((await store.parked.find('f', aTask({ objectId: 2 }).key))?.payload).toBeDefined();
  });

  it.each([
    ['undecided', { state: 'undecided', message: 'which?' }, { state: 'undecided' }],
    ['deleted at the destination', { ...FAILED, code: 'target-missing' }, { code: 'target-missing' }],
  ] as const)('leaves what is %s to a person, who must ask for just that', async (_, why, asked) => {
    const task = aTask();
    const store = await storeOf([anIncident(), FAILED], [task, why]);
    const stands = async () => (await store.parked.find('f', task.key))?.why;
    const rowOfTask = { incidentId: task.key.incidentId, type: 'task', objectId: task.key.objectId };
    expect(await retryParked(store, {})).toMatchObject({ rows: 1, left: 0, undecided: 1 });
    expect(await retryParked(store, rowOfTask)).toMatchObject({ rows: 0, undecided: 1 });
    expect(await stands()).toEqual(why);
    expect(await retryParked(store, { ...rowOfTask, ...asked })).toMatchObject({ rows: 1, undecided: 0 });
    expect(await stands()).toEqual({ state: 'deferred', decided: true });
  });

  it('takes raw messages that the selection does not exclude', async () => {
    const store = await storeOf();
    await store.parked.parkRaw(raw('a'), 'not-json', 'first');
    await store.parked.parkRaw(raw('b'), 'unknown-type', 'second');
    const armed = async () => (await store.parked.takeRaw(10)).map(({ message }) => message.messageId);
    for (const selection of [{ feed: 'f' }, { state: 'failed' }, { type: 'note' }, { incidentId: 1 }] as const) {
      expect(await retryParked(store, selection)).toMatchObject({ rows: 0, raw: 0 });
    }
    expect(await retryParked(store, { code: 'unknown-type' })).toMatchObject({ rows: 0, raw: 1 });
    expect(await armed()).toEqual(['b']);
    expect(await retryParked(store, { state: 'raw', messageId: 'a' })).toMatchObject({ raw: 1 });
    expect(await armed()).toEqual(['a', 'b']);
    const all = [];
    for await (const { message } of selectRaw(store, {})) all.push(message.messageId);
    expect(all).toEqual(['a', 'b']);
  });

  it('brings many at once, and says which were done when it succeeds', async () => {
    const notes = Array.from({ length: 450 }, (_, at) => aNote({ objectId: at + 1 }));
    const store = await storeOf(...notes.map((note) => [note, FAILED] as const));
    expect((await retryParked(store, { code: 'http-400' })).rows).toBe(450);
    expect(await store.parked.takeDeferred('f', 1_000)).toHaveLength(450);
  });

  it('fails with the store', async () => {
    const store = await storeOf([aTask(), FAILED]);
    store.parked.rearm = () => Promise.reject(new Error('the disk is full'));
    await expect(retryParked(store, {})).rejects.toThrow('the disk is full');
  });

  it('leads to a delivery under the event’s own id', async () => {
    const target = new ScriptedTarget();
    const made = makeFeed(target);
    await made.feed.start();
    const task = aTask({ id: 'message-1' });
    target.answer = () => Object.assign(new TypeError('a fault'));
    expect(await made.feed.accept(task)).toMatchObject({ outcome: 'parked', failed: true });
    const outcome = () => made.store.outcomes.find('test_feed', 'message-1');
    expect(await outcome()).toMatchObject({ outcome: 'parked', reason: 'failed' });

    target.answer = () => ({ status: 'delivered', change: 'created' });
    const { touched } = await retryParked(made.store, { incidentId: task.key.incidentId });
    for (const { key } of touched) await made.parking.follow(key);
    expect(made.feed.status().parked).toMatchObject({ failed: 0, deferred: 1 });
    made.rebuilt.set('task/310', task);
    for (const row of await made.parking.deferred()) await made.back.bring(row);
    await settle();
    expect(await outcome()).toMatchObject({ outcome: 'delivered' });
    expect(made.feed.status().parked).toMatchObject({ failed: 0, deferred: 0 });
    const stopped = made.feed.stop(0);
    for (let turn = 0; turn < 50; turn += 1) await made.clock.advance(50);
    await stopped;
  });
});

describe('dropParked', () => {
  it('ends a row and everything that waits for it, each event as dropped and once', async () => {
    const [incident, task, note, reply] = [
      anIncident({ id: 'i' }),
      aTask({ id: 't' }),
      aNote({ id: 'n', parent: aTask().key }),
      aNote({ id: 'r', objectId: 421 }),
    ];
    const bystander = aNote({ id: 'b', objectId: 422 });
    const store = await storeOf(
      [incident, FAILED],
      [task, { state: 'waiting', on: incident.key }],
      [note, { state: 'waiting', on: task.key }],
      [reply, { state: 'waiting', on: note.key }],
      [bystander, { state: 'deferred' }],
    );
    expect(await dropParked(store, { state: 'failed' })).toMatchObject({ rows: 4, left: 0 });
    const reasons = [];
    for (const { id } of [incident, task, note, reply]) {
      const found = await store.outcomes.find('f', id);
      expect(found?.outcome).toBe('dropped');
      reasons.push(found?.reason);
    }
    expect(reasons).toEqual([
      'dropped by hand',
      'dropped with its incident 2100',
      'dropped with its task 310',
      'dropped with its note 420',
    ]);
    expect(await store.outcomes.totals()).toMatchObject([{ totals: { dropped: 4, parked: 5 } }]);
    expect(await store.parked.counts()).toMatchObject([{ state: 'deferred', rows: 1 }]);
    // All of them were listed as well: a second end would count twice.
    const all = await storeOf([incident, FAILED], [task, { state: 'waiting', on: incident.key }]);
    expect(await dropParked(all, {})).toMatchObject({ rows: 2 });
    expect(await all.outcomes.totals()).toMatchObject([{ totals: { dropped: 2 } }]);
  });

  it('leaves a row that was replaced meanwhile, and what waits for it', async () => {
    const task = aTask();
    const later = { ...task, id: 'newer', observedAtMs: task.observedAtMs + 1 };
    const note = aNote({ parent: task.key });
    const store = await storeOf([task, FAILED], [note, { state: 'waiting', on: task.key }]);
    const list = store.parked.list.bind(store.parked);
    store.parked.list = async function* (filter) {
      for await (const row of list(filter)) {
        if (row.eventId === task.id) await store.parked.park('f', later, { state: 'deferred' });
        yield row;
      }
    };
    const selection = { type: 'task', incidentId: task.key.incidentId };
    expect(await dropParked(store, selection)).toMatchObject({ rows: 0, left: 1 });
    expect(await store.parked.find('f', task.key)).toMatchObject({ eventId: 'newer', why: { state: 'deferred' } });
    expect(await store.parked.find('f', note.key)).toMatchObject({ why: { state: 'waiting' } });
    expect(await store.outcomes.find('f', task.id)).toMatchObject({ outcome: 'superseded' });
  });

  it('drops wishes, deletes and raw messages as well', async () => {
    const store = await storeOf([aDelete(aTask()), FAILED]);
    const wish = { feed: 'f', key: aNote().key, eventId: 'e', outcome: 'delivered', deleted: false } as const;
    await store.settlements.settle({ ...wish, resync: true });
    await store.parked.parkRaw(raw('a'), 'not-json', 'no');
    expect(await dropParked(store, {})).toMatchObject({ rows: 2, raw: 1 });
    expect(await store.parked.counts()).toEqual([]);
    expect((await store.settlements.last('f', aTask().key))?.deleted).toBe(false);
  });
});
