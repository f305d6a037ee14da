import { resyncKey } from '@soar-feed/core';
import type { Settlement, Stamp } from '@soar-feed/core';
import { expect, it } from '@jest/globals';
import { anIncident, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../describeFeedStore.js';

const FEED = 'replica';
const { key } = anIncident();

export function settleScenarios(subject: StoreSubject): void {
  const settle = (over: Partial<Settlement>) =>
    subject.store.settlements.settle({
      feed: FEED,
      key,
      eventId: 'e-1',
      outcome: 'delivered',
      deleted: false,
      ...over,
    });
  const last = () => subject.store.settlements.last(FEED, key);
  const vers = (value: number): Stamp => ({ kind: 'vers', value });

  it('knows nothing of what never settled', async () => {
    await settle({ feed: 'other', stamp: vers(1) });
    await settle({ key: aTask().key, stamp: vers(1) });
    expect(await last()).toBeUndefined();
  });

  it('keeps the newest stamp that was applied, whatever the order of settling', async () => {
    await settle({ stamp: vers(4) });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(4), deleted: false });
    await settle({ stamp: vers(6) });
    await settle({ stamp: vers(5) });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(6), deleted: false });
  });

  it('keeps a stamp of ms since the epoch exactly', async () => {
    await settle({ stamp: { kind: 'modify_date', value: 1_763_958_123_457 } });
    expect(await last()).toEqual({
      outcome: 'delivered',
      stamp: { kind: 'modify_date', value: 1_763_958_123_457 },
      deleted: false,
    });
  });

  it('takes the later settlement where stamps do not compare', async () => {
    await settle({ stamp: vers(900) });
    await settle({ stamp: { kind: 'broker', value: 5 }, deleted: true });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: { kind: 'broker', value: 5 }, deleted: true });
  });

  it('keeps the stamp when a settlement has none', async () => {
    await settle({ stamp: vers(3) });
    await settle({ outcome: 'skipped', deleted: true });
    expect(await last()).toEqual({ outcome: 'skipped', stamp: vers(3), deleted: true });
  });

  it('counts what was skipped as seen', async () => {
    await settle({ outcome: 'skipped', stamp: vers(3) });
    expect(await last()).toEqual({ outcome: 'skipped', stamp: vers(3), deleted: false });
  });

  it('lets neither a delete nor its absence go back with an older stamp', async () => {
    await settle({ stamp: vers(7), deleted: true });
    await settle({ stamp: vers(6), deleted: false });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(7), deleted: true });
  });

  it.each(['superseded', 'dropped'] as const)('changes nothing that was applied by what was %s', async (outcome) => {
    await settle({ stamp: vers(5) });
    await settle({ outcome, stamp: { kind: 'broker', value: 9 }, deleted: true });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(5), deleted: false });
  });

  it.each(['superseded', 'dropped'] as const)('takes no stamp of what was %s first', async (outcome) => {
    await settle({ outcome, stamp: vers(5), deleted: true });
    expect(await last()).toEqual({ outcome, deleted: false });
  });

  it('removes the parked row it settles, at the revision that was replayed', async () => {
    const { parked } = subject.store;
    await parked.park(FEED, anIncident(), { state: 'deferred' });
    const revision = (await parked.find(FEED, key))?.revision ?? 0;
    await settle({ parkedRevision: revision + 1_000 });
    expect(await parked.find(FEED, key)).toBeDefined();
    await settle({ parkedRevision: revision });
    expect(await parked.find(FEED, key)).toBeUndefined();
  });

  it('leaves the parked row that replaced the one it settles', async () => {
    const { parked } = subject.store;
    await parked.park(FEED, anIncident({ payload: { vers: 1 } }), { state: 'deferred' });
    const parkedRevision = (await parked.find(FEED, key))?.revision ?? 0;
    await parked.park(FEED, anIncident({ payload: { vers: 2 } }), { state: 'deferred' });
    await settle({ stamp: vers(1), parkedRevision });
    expect((await parked.find(FEED, key))?.payload).toMatchObject({ vers: 2 });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(1), deleted: false });
  });

  it("keeps the wish for a resync beside the incident's own row, and renews it", async () => {
    const { parked } = subject.store;
    const wish = resyncKey(key.orgId, key.incidentId);
    await parked.park(FEED, anIncident(), { state: 'deferred' });
    await settle({ resync: true });
    const first = await parked.find(FEED, wish);
    expect(first).toMatchObject({ key: wish, operation: 'upsert', why: { state: 'resync' } });
    expect(await parked.find(FEED, key)).toMatchObject({ why: { state: 'deferred' } });

    await settle({ key: aTask().key, resync: true });
    const renewed = await parked.find(FEED, wish);
    expect(renewed?.place).toBe(first?.place);
    expect(await parked.remove(FEED, wish, first?.revision ?? 0)).toBe(false);
    expect(await parked.remove(FEED, wish, renewed?.revision ?? 0)).toBe(true);
  });
}
