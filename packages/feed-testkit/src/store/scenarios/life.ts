import { expect, it } from '../../runner/jestLike.js';
import { anIncident, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../StoreSubject.js';

const FEED = 'replica';

export function lifeScenarios(subject: StoreSubject, durable: boolean): void {
  it('keeps everything when it is closed and opened again', async () => {
    const { store } = subject;
    const { key } = anIncident();
    await store.parked.park(FEED, aTask(), { state: 'deferred' });
    await store.parked.parkRaw({ messageId: 'm-1', queue: 'q', headers: {}, body: '{' }, 'not-json', 'Unexpected end');
    const settlement = { feed: FEED, key, eventId: 'e', outcome: 'delivered', deleted: false } as const;
    await store.settlements.settle({ ...settlement, stamp: { kind: 'vers', value: 4 }, resync: true });
    await store.checkpoints.write('reload', { incidentId: 7, startedAtMs: 1 });
    await store.parked.rearmRaw('m-1');

    const again = await subject.reopen();

    expect(await again.parked.find(FEED, aTask().key)).toMatchObject({
      why: { state: 'deferred' },
      payload: { name: 'Initial triage' },
    });
    const states = [];
    for await (const row of again.parked.list({})) states.push(row.why.state);
    expect(states).toEqual(['deferred', 'resync']);
    const raws = [];
    for await (const raw of again.parked.listRaw()) raws.push(raw.message.messageId);
    expect(raws).toEqual(['m-1']);
    expect(await again.parked.takeRaw(10)).toHaveLength(1);
    expect(await again.outcomes.find(FEED, 'e')).toMatchObject({ key, outcome: 'delivered' });
    expect(await again.outcomes.totals()).toEqual([
      { feed: FEED, totals: { delivered: 1, skipped: 0, superseded: 0, dropped: 0, parked: 1 } },
    ]);
    expect(await again.settlements.last(FEED, key)).toEqual({
      outcome: 'delivered',
      stamp: { kind: 'vers', value: 4 },
      deleted: false,
    });
    expect(await again.checkpoints.read('reload')).toEqual({ incidentId: 7, startedAtMs: 1 });
  });

  it('puts what is parked after a restart behind what stands, and gives no revision twice', async () => {
    const { store } = subject;
    await store.parked.park(FEED, aTask({ objectId: 1 }), { state: 'deferred' });
    const before = await store.parked.find(FEED, aTask({ objectId: 1 }).key);

    const again = await subject.reopen();
    await again.parked.park(FEED, aTask({ objectId: 2 }), { state: 'deferred' });
    const after = await again.parked.find(FEED, aTask({ objectId: 2 }).key);

    expect(after?.place).toBeGreaterThan(before?.place ?? Infinity);
    expect(after?.revision).toBeGreaterThan(before?.revision ?? Infinity);
  });

  if (durable) {
    it('can be looked at beside its owner, who notices nothing, and not be changed', async () => {
      await subject.store.parked.park(FEED, aTask(), { state: 'deferred' });
      const look = subject.another();
      await look.open({ readOnly: true });
      expect(await look.parked.find(FEED, aTask().key)).toMatchObject({ why: { state: 'deferred' } });
      const refused = { kind: 'store', code: 'store-read-only' };
      await expect(look.parked.park(FEED, aTask({ objectId: 9 }), { state: 'deferred' })).rejects.toMatchObject(
        refused,
      );
      await expect(look.checkpoints.clear('reload')).rejects.toMatchObject(refused);
      await subject.store.parked.park(FEED, anIncident(), { state: 'deferred' });
      expect(await look.parked.counts()).toMatchObject([{ feed: FEED, state: 'deferred', rows: 2 }]);
      await look.close();
      await subject.store.parked.park(FEED, aTask({ objectId: 9 }), { state: 'deferred' });
    });

    it('has one owner: another store is refused, naming the holder, until this one closes', async () => {
      const other = subject.another();
      await expect(other.open()).rejects.toMatchObject({
        kind: 'store',
        code: 'store-held',
        message: expect.stringContaining(`process ${process.pid}`),
      });
      await subject.store.close();
      await other.open();
      expect(await other.checkpoints.read('reload')).toBeUndefined();
    });
  }

  it('refuses every call once it is closed, and closes twice', async () => {
    const { store } = subject;
    await store.close();
    await store.close();
    const closed = { kind: 'store', code: 'store-closed' };
    await expect(store.parked.park(FEED, aTask(), { state: 'deferred' })).rejects.toMatchObject(closed);
    await expect(store.parked.find(FEED, aTask().key)).rejects.toMatchObject(closed);
    await expect(store.parked.takeDeferred(FEED, 1)).rejects.toMatchObject(closed);
    await expect(store.settlements.last(FEED, aTask().key)).rejects.toMatchObject(closed);
    await expect(store.checkpoints.read('reload')).rejects.toMatchObject(closed);
    if (store.assertOurs !== undefined) await expect(store.assertOurs()).rejects.toMatchObject(closed);
    await expect(first(store.parked.list({}))).rejects.toMatchObject(closed);
  });
}

async function first<T>(rows: AsyncIterable<T>): Promise<T | undefined> {
  for await (const row of rows) return row;
  return undefined;
}
