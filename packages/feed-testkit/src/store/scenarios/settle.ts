import { resyncKey } from '@soar-feed/core';
import type { Settlement, Stamp } from '@soar-feed/core';
import { describe, expect, it } from '../../runner/jestLike.js';
import { anArtifact, anIncident, aNote, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../StoreSubject.js';

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

  it('tells what settled under a type and id, at every feed', async () => {
    await settle({ stamp: vers(4) });
    await settle({ feed: 'other', eventId: 'e-2', outcome: 'skipped' });
    await settle({ key: { ...key, type: 'an_incident' } });
    await settle({ key: { ...key, type: '%' } });
    await settle({ key: { ...key, objectId: key.objectId * 10 + 1 } });
    const named = await subject.store.settlements.named('incident', key.objectId);
    const inOrder = [...named].sort((a, b) => a.feed.localeCompare(b.feed));
    const settledAtMs = expect.any(Number);
    expect(inOrder).toEqual([
      { feed: 'other', key, eventId: 'e-2', outcome: 'skipped', deleted: false, settledAtMs },
      { feed: FEED, key, eventId: 'e-1', outcome: 'delivered', stamp: vers(4), deleted: false, settledAtMs },
    ]);
    expect(await subject.store.settlements.named('%', key.objectId)).toHaveLength(1);
    expect(await subject.store.settlements.named('_ncident', key.objectId)).toEqual([]);
  });

  it('tells what settled last in an incident at a feed', async () => {
    const note = { ...key, type: 'note', objectId: 77 };
    await settle({ stamp: vers(4) });
    await settle({ eventId: 'e-2', key: note, outcome: 'skipped' });
    await settle({ feed: 'other', eventId: 'e-3', key: note });
    await settle({ eventId: 'e-4', key: { ...key, incidentId: key.incidentId + 1, objectId: key.incidentId + 1 } });
    await settle({ eventId: 'e-5', key: { ...key, orgId: key.orgId + 1 } });
    const { settlements } = subject.store;
    const found = await settlements.ofIncident(FEED, key.orgId, key.incidentId, 10);
    expect(new Set(found.map(({ eventId }) => eventId))).toEqual(new Set(['e-1', 'e-2']));
    const settledAtMs = expect.any(Number);
    expect(found).toContainEqual({
      ...{ feed: FEED, key: note, eventId: 'e-2', outcome: 'skipped', deleted: false, settledAtMs },
    });
    expect(await settlements.ofIncident(FEED, key.orgId, key.incidentId, 1)).toHaveLength(1);
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

  it('knows that a delete was applied, though its stamp is older than the snapshot before it', async () => {
    await settle({ stamp: { kind: 'read', value: 9 } });
    await settle({ stamp: { kind: 'read', value: 5 }, deleted: true });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: { kind: 'read', value: 9 }, deleted: true });
  });

  it('lets the absence of a delete not go back with an older stamp', async () => {
    await settle({ stamp: vers(7), deleted: true });
    await settle({ stamp: vers(6), deleted: false });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(7), deleted: true });
  });

  it('goes back where the source’s database did: an older stamp stands, and a deleted object', async () => {
    await settle({ stamp: vers(7), deleted: true });
    await settle({ stamp: vers(6), deleted: false, setsBack: true });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(6), deleted: false });
    await settle({ stamp: vers(5), deleted: false });
    expect(await last()).toEqual({ outcome: 'delivered', stamp: vers(6), deleted: false });
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

  it('drops nothing whose row was replaced or removed meanwhile, and says so', async () => {
    const { parked, settlements, outcomes } = subject.store;
    const drop = (parkedRevision: number) =>
      settlements.settle({ feed: FEED, key, eventId: 'one', outcome: 'dropped', deleted: false, parkedRevision });
    const parkOne = (id: string) => parked.park(FEED, anIncident({ id }), { state: 'deferred' });
    const [one, other] = [(await parkOne('one')) ?? 0, (await parkOne('other')) ?? 0];
    expect(await drop(one)).toBe(false);
    expect(await parked.find(FEED, key)).toMatchObject({ eventId: 'other' });
    expect(await outcomes.find(FEED, 'one')).toMatchObject({ outcome: 'superseded' });
    expect(await last()).toBeUndefined();
    await parked.remove(FEED, key, other);
    expect(await drop(other)).toBe(false);
    expect(await outcomes.find(FEED, 'one')).toMatchObject({ outcome: 'superseded' });
    const again = (await parkOne('one')) ?? 0;
    expect(await drop(again)).toBe(true);
    expect(await outcomes.find(FEED, 'one')).toMatchObject({ outcome: 'dropped' });
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

  describe('applied', () => {
    const known = async (minIncidentId: number, maxIncidentId?: number) => {
      const range = { orgId: key.orgId, minIncidentId, ...(maxIncidentId === undefined ? {} : { maxIncidentId }) };
      const found = [];
      for await (const object of subject.store.settlements.applied(FEED, range)) found.push(object);
      return found;
    };
    const byName = (objects: Awaited<ReturnType<typeof known>>) =>
      objects.map(
        (object) =>
          `${object.key.incidentId}/${object.key.type}${object.taskId === undefined ? '' : ` of ${object.taskId}`}`,
      );
    const task = aTask().key;
    const note = aNote({ parent: task }).key;

    it('lists what stands within the range, with the task it belongs to, as far as it was delivered or skipped', async () => {
      await settle({});
      await settle({ key: task });
      await settle({ key: note, taskId: task.objectId });
      await settle({ key: note, outcome: 'skipped' });
      await settle({ key: anArtifact().key, outcome: 'superseded' });
      await settle({ feed: 'other', key: anArtifact().key });
      for (const incidentId of [2_099, 2_101, 21_000])
        await settle({ key: anIncident({ incidentId, objectId: incidentId }).key });
      const found = await known(key.incidentId, key.incidentId);
      expect(byName(found).sort()).toEqual(['2100/incident', '2100/note of 310', '2100/task']);
      expect(found).toContainEqual({ key: note, taskId: task.objectId });
      expect(byName(await known(2_101))).toEqual(['2101/incident', '21000/incident']);
      expect(await known(2_102, 20_999)).toEqual([]);
    });

    it('lists a note of the incident itself, which was settled without a task', async () => {
      const ofIncident = aNote().key;
      await settle({ key: ofIncident });
      expect(await known(0)).toEqual([{ key: ofIncident }]);
    });

    it('leaves out what was deleted, itself or with its incident or task', async () => {
      await settle({});
      await settle({ key: task });
      await settle({ key: note, taskId: task.objectId });
      await settle({ key: anArtifact().key, deleted: true });
      await settle({ key: task, deleted: true });
      expect(byName(await known(0))).toEqual(['2100/incident']);
      await settle({ key: aTask({ objectId: 311 }).key });
      await settle({ deleted: true });
      expect(await known(0)).toEqual([]);
    });
  });

  it('names the incidents of which something was settled since, and when something was last delivered', async () => {
    const before = Date.now();
    await settle({});
    await settle({ key: aTask().key, outcome: 'skipped' });
    await settle({ key: { ...key, incidentId: 2_200, objectId: 2_200 }, outcome: 'skipped' });
    await settle({ feed: 'other', key: { ...key, incidentId: 2_300, objectId: 2_300 } });
    const { settlements } = subject.store;
    const found = [...(await settlements.touchedSince(FEED, before - 1))].sort((a, b) => a.incidentId - b.incidentId);
    expect(found).toEqual([{ incidentId: 2_100, deliveredAtMs: expect.any(Number) }, { incidentId: 2_200 }]);
    expect(found[0]?.deliveredAtMs).toBeGreaterThanOrEqual(before);
    expect(await settlements.touchedSince(FEED, Date.now() + 60_000)).toEqual([]);
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
