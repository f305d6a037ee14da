import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreError, keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { DatabaseConfig } from '@soar-feed/store';
import { KnexMappingStore } from '../../src/mapping/KnexMappingStore.js';
import { MappingCopy } from '../../src/mapping/MappingCopy.js';
import type { Intent } from '../../src/mapping/Intent.js';
import { sharing, standing } from '../../src/mapping/Mapping.js';
import type { MappingFlags } from '../../src/mapping/MappingFlags.js';
import { ibmDatabase } from '../helpers/ibmDatabase.js';
import type { IbmVersion } from '../helpers/ibmDatabase.js';

const incident: ObjectKey = { orgId: 201, incidentId: 7, type: 'incident', objectId: 7 };
const below = (type: string, objectId: number): ObjectKey => ({ ...incident, type, objectId });

export interface MappingPlace {
  readonly config: DatabaseConfig;
  drop(): Promise<void>;
}

/** What must hold for the mapping in any database. */
export function mappingSuite(fresh: () => Promise<MappingPlace>): void {
  let place: MappingPlace;
  let stores: KnexMappingStore[];
  beforeEach(async () => {
    place = await fresh();
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await place.drop();
  });

  describe('its copy', () => copySuite(() => place, open));

  async function open(targetOrgId = 202): Promise<KnexMappingStore> {
    const store = new KnexMappingStore(place.config);
    stores.push(store);
    await store.open(targetOrgId);
    return store;
  }

  const intentOf = (source: ObjectKey): Intent => ({
    source,
    naturalKey: [{ name: 'text', inputType: 'textarea', value: { format: 'html', content: 'a \ud83d\ude00' } }],
    sentAtMs: 5,
    principalId: 3,
    targetIncidentId: 1007,
  });

  it('keeps what was linked, over a restart', async () => {
    const store = await open();
    const target = { incidentId: 1007, objectId: 1070, taskId: 1071, extraIds: [1072] };
    await store.creates.link(below('note', 70), {
      target,
      digests: { text: 'abc' },
      version: 4,
      flags: { blankAfter: [1] },
    });
    await store.close();
    const again = await open();
    expect(await again.rows.find(below('note', 70))).toEqual({
      source: below('note', 70),
      state: 'active',
      target,
      digests: { text: 'abc' },
      version: 4,
      flags: { blankAfter: [1] },
      verified: true,
    });
    expect(await again.rows.find(below('note', 71))).toBeUndefined();
  });

  it('keeps an intent until its object is linked, in the same commit', async () => {
    const store = await open();
    await store.creates.begin(intentOf(incident));
    await store.close();
    const again = await open();
    expect(again.creates.intent(incident)).toEqual(intentOf(incident));
    const next = intentOf(below('*default-note', 7));
    await again.creates.link(incident, { target: { incidentId: 1007, objectId: 1007 }, digests: {}, next });
    expect(again.creates.intent(incident)).toBeUndefined();
    expect(again.creates.intent(next.source)).toEqual(next);
    await again.close();
    const third = await open();
    expect(third.creates.intent(incident)).toBeUndefined();
    expect(third.creates.intent(next.source)).toEqual(next);
    await third.creates.end(next.source);
    await third.close();
    expect((await open()).creates.intent(next.source)).toBeUndefined();
  });

  it('marks an incident with all of its objects, a task with its own', async () => {
    const store = await open();
    const link = (source: ObjectKey, objectId: number, taskId?: number) =>
      store.creates.link(source, {
        target: { incidentId: 1007, objectId, ...(taskId === undefined ? {} : { taskId }) },
        digests: {},
      });
    await link(incident, 1007);
    await link(below('task', 1), 11);
    await link(below('task', 2), 12);
    await link(below('note', 3), 13, 11);
    await link(below('attachment', 4), 14, 11);
    await link(below('note', 5), 15, 12);
    await store.rows.mark(below('task', 1), 'deleted');
    const stateOf = async (source: ObjectKey) => (await store.rows.find(source))?.state;
    expect(await stateOf(below('note', 3))).toBe('deleted');
    expect(await stateOf(below('attachment', 4))).toBe('deleted');
    expect(await stateOf(below('note', 5))).toBe('active');
    await store.rows.mark(incident, 'bypassed');
    expect(await stateOf(below('note', 5))).toBe('bypassed');
    expect(await stateOf(below('note', 3))).toBe('deleted');
    await store.rows.forget(incident);
    expect(await stateOf(incident)).toBeUndefined();
    expect(await stateOf(below('task', 2))).toBeUndefined();
  });

  it('forgets what is gone below an incident with all below that, and says so of the incident, in one commit', async () => {
    const store = await open();
    const link = (source: ObjectKey, objectId: number, taskId?: number) =>
      store.creates.link(source, {
        target: { incidentId: 1007, objectId, ...(taskId === undefined ? {} : { taskId }) },
        digests: { a: 'b' },
      });
    await link(incident, 1007);
    await link(below('task', 1), 11);
    await link(below('note', 3), 13, 11);
    await link(below('note', 5), 15);
    await link(below('note', 6), 16);
    await store.rows.forgetBelow(incident, [below('task', 1), below('note', 5)], { resyncDue: true });
    await store.close();
    await store.open(202);
    expect(await store.rows.find(incident)).toMatchObject({ digests: { a: 'b' }, flags: { resyncDue: true } });
    expect(await store.rows.find(below('task', 1))).toBeUndefined();
    expect(standing(await store.rows.ofIncident(incident), 'note').map(({ source }) => source)).toEqual([
      below('note', 6),
    ]);
  });

  it('keeps of an incident that no longer matches only that, in one commit', async () => {
    const store = await open();
    const link = (source: ObjectKey, objectId: number) =>
      store.creates.link(source, {
        target: { incidentId: 1007, objectId },
        digests: { a: 'b' },
        flags: { frozen: true },
      });
    await link(incident, 1007);
    await link(below('note', 1), 11);
    await store.rows.unmatch(incident);
    await store.close();
    await store.open(202);
    expect(await store.rows.find(incident)).toEqual({
      ...{ source: incident, state: 'filtered', digests: {}, flags: {}, verified: true },
    });
    expect(await store.rows.find(below('note', 1))).toBeUndefined();
    expect(await store.rows.mappedTargets(1007, 'note')).toEqual(new Set());
  });

  it('knows that what stands for an e-mail message is a note, or an attachment, of somebody', async () => {
    const store = await open();
    const linked = [below('note', 1), below('emailmessage:note', 1), below('emailmessage:attachment', 2)];
    for (const [at, source] of linked.entries())
      await store.creates.link(source, { target: { incidentId: 1007, objectId: 50 + at }, digests: {} });
    await store.close();
    await store.open(202);
    for (const type of ['note', 'emailmessage:note'])
      expect(await store.rows.mappedTargets(1007, type)).toEqual(new Set([50, 51]));
    expect(await store.rows.mappedTargets(1007, 'attachment')).toEqual(new Set([52]));
    expect((await store.rows.find(below('emailmessage:note', 1)))?.target?.objectId).toBe(51);
    expect((await store.rows.find(below('note', 1)))?.target?.objectId).toBe(50);
  });

  it('marks what has no row yet, and finds it without ids', async () => {
    const store = await open();
    await store.rows.mark(incident, 'filtered', { replica: true });
    expect(await store.rows.find(incident)).toMatchObject({ state: 'filtered', flags: { replica: true } });
    expect((await store.rows.find(incident))?.target).toBeUndefined();
  });

  it('finds several objects of an incident by one query, and those that share a target', async () => {
    const store = await open();
    const link = (source: ObjectKey, objectId: number, extraIds: number[] = []) =>
      store.creates.link(source, { target: { incidentId: 1007, objectId, extraIds }, digests: {} });
    await link(below('artifact', 1), 50);
    await link(below('artifact', 2), 50);
    await link(below('artifact', 3), 51, [50]);
    await link(below('milestone', 1), 50);
    const found = await store.rows.findAll([below('artifact', 1), below('milestone', 1), below('artifact', 9)]);
    expect([...found.keys()].sort()).toEqual([keyText(below('artifact', 1)), keyText(below('milestone', 1))].sort());
    expect(sharing(await store.rows.ofIncident(incident), below('artifact', 1), 50)).toEqual([
      below('artifact', 2),
      below('artifact', 3),
    ]);
    expect(await store.rows.mappedTargets(1007, 'artifact')).toEqual(new Set([50, 51]));
    expect(await store.rows.mappedTargets(1008, 'artifact')).toEqual(new Set());
  });

  it('keeps the rows of other target orgs apart', async () => {
    const one = await open(202);
    await one.creates.link(incident, { target: { incidentId: 1007, objectId: 1007 }, digests: {} });
    await one.creates.begin(intentOf(below('note', 1)));
    await one.close();
    const other = await open(203);
    expect(await other.rows.find(incident)).toBeUndefined();
    expect(other.creates.intent(below('note', 1))).toBeUndefined();
  });

  it('keeps the intent of an object whose link cannot be kept, and not what was to follow it', async () => {
    const store = await open();
    await store.creates.begin(intentOf(incident));
    const next = { ...intentOf(below('*default-note', 7)), sentAtMs: null as unknown as number };
    const linking = store.creates.link(incident, { target: { incidentId: 1007, objectId: 1007 }, digests: {}, next });
    expect(store.creates.intent(incident)).toBeUndefined();
    await expect(linking).rejects.toMatchObject({ kind: 'store' });
    expect(store.creates.intent(incident)).toEqual(intentOf(incident));
    expect(store.creates.intent(next.source)).toBeUndefined();
    expect(store.creates.ending(incident)).toBeUndefined();
    expect(await store.rows.find(incident)).toBeUndefined();
    await store.close();
    expect((await open()).creates.intent(incident)).toEqual(intentOf(incident));
  });

  it('forgets an intent only while it is the one that is meant', async () => {
    const store = await open();
    const [first, second] = [intentOf(incident), { ...intentOf(incident), sentAtMs: 6 }];
    await store.creates.begin(first);
    await store.creates.begin(second);
    await store.creates.end(incident, first);
    expect(store.creates.intent(incident)).toEqual(second);
    await store.close();
    const again = await open();
    expect(again.creates.intent(incident)).toEqual(second);
    await again.creates.end(incident, again.creates.intent(incident));
    expect(again.creates.intent(incident)).toBeUndefined();
  });

  it('knows, after a restart, too, what began inside the create of an incident, which ends with it or by its own link', async () => {
    const store = await open();
    const { targetIncidentId: _, ...placeless } = intentOf(below('note', 1));
    const other = { ...placeless, source: { ...below('note', 2), incidentId: 8 } };
    const inPlace = intentOf(below('note', 3));
    for (const intent of [placeless, other, inPlace]) await store.creates.begin(intent);
    await store.close();
    const { creates } = await open();
    expect(creates.along(incident)).toEqual([placeless]);
    expect(creates.openIn(1007, below('artifact', 4))).toEqual([placeless, inPlace]);
    await creates.link(below('note', 1), { target: { incidentId: 1007, objectId: 5 }, digests: {} });
    expect(creates.along(incident)).toEqual([]);
  });

  it('takes what many write at once, and fails only the one that cannot be kept', async () => {
    const store = await open();
    const keys = Array.from({ length: 50 }, (_, at) => below('note', at + 1));
    const link = (source: ObjectKey, objectId: number) =>
      store.creates.link(source, { target: { incidentId: 1007, objectId }, digests: {} });
    await Promise.all(keys.map((key) => store.creates.begin(intentOf(key))));
    const impossible = { ...intentOf(below('milestone', 2)), sentAtMs: null as unknown as number };
    const results = await Promise.allSettled([
      ...keys.map((key) => link(key, 1000 + key.objectId)),
      store.creates.begin(impossible),
    ]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(results.at(-1)?.status).toBe('rejected');
    expect((await store.rows.mappedTargets(1007, 'note')).size).toBe(50);
    expect(keys.filter((key) => store.creates.intent(key) !== undefined)).toEqual([]);
  });

  it('has one owner at a time, and names both feeds of one host as the trouble', async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'mapping-shared',
      message: expect.stringMatching(/another feed of this host .*\(202\): give each feed a mapping of its own/),
    });
    // Another target org's rows are another mapping, in the same file or not.
    await (await open(203)).close();
    await store.close();
    await open();
  });

  it('tells "cannot read" from "is not there"', async () => {
    const store = await open();
    await store.close();
    await expect(store.rows.find(incident)).rejects.toBeInstanceOf(StoreError);
    await expect(store.creates.begin(intentOf(incident))).rejects.toBeInstanceOf(StoreError);
  });

  it('refuses a table of that name which is not the mapping, and leaves it as it was', async () => {
    const ibm = await ibmDatabase(place.config);
    await ibm.run('CREATE TABLE data_feeder_sync (id int)');
    await expect(open()).rejects.toMatchObject({ code: 'mapping-foreign' });
    expect(await ibm.columns()).toHaveLength(1);
    await ibm.close();
  });

  describe.each<IbmVersion>(['v1', 'v2'])("of IBM's feed, %s", (version) => {
    it('is read as IBM wrote it, and IBM can read it again', async () => {
      const ibm = await ibmDatabase(place.config, version);
      await ibm.sync('incident', 7, 7, 1007, 1007);
      await ibm.sync('note', 7, 70, 1007, 1070);
      await ibm.sync('incident', 8, 8, null, null, 'filtered');
      await ibm.sync('incident', 9, 9, 0, 0, 'filtered');
      if (version === 'v2') await ibm.sync('tasknote', 7, 72, 1007, 1072);
      const columns = await ibm.columns();

      const store = await open();
      expect(await store.rows.find(incident)).toMatchObject({
        state: 'active',
        target: { objectId: 1007 },
        verified: false,
      });
      for (const id of [8, 9]) {
        const filtered = await store.rows.find({ ...incident, incidentId: id, objectId: id });
        expect(filtered?.state).toBe('filtered');
        expect(filtered?.target).toBeUndefined();
      }
      if (version === 'v2')
        expect(await store.rows.find(below('note', 72))).toMatchObject({ target: { objectId: 1072 } });

      // A task's note gets its own name, where IBM's feed looks it up.
      await store.creates.link(below('note', 70), {
        target: { incidentId: 1007, objectId: 1070, taskId: 5 },
        digests: {},
        replacesIbmRow: true,
      });
      await store.creates.link(below('note', 73), { target: { incidentId: 1007, objectId: 1073 }, digests: {} });
      expect(await ibm.find('tasknote', 7, 70)).toMatchObject({ org2_type_id: 1070, status: 'active' });
      expect(await ibm.find('note', 7, 70)).toBeUndefined();
      const row = await ibm.find('note', 7, 73);
      expect(row).toMatchObject({ org2: 202, org2_inc_id: 1007, org2_type_id: 1073, status: 'active' });
      expect(isTime(row?.['last_sync'])).toBe(true);
      if (version === 'v2') expect(['TRUE', true]).toContain(row?.['sync_role_source']);

      // IBM's own columns are where they were; ours come after them.
      const now = await ibm.columns();
      expect(now.slice(0, columns.length)).toEqual(columns);
      await ibm.close();
    });

    it('is looked at again where IBM wrote over a row of ours while we did not run', async () => {
      const ibm = await ibmDatabase(place.config, version);
      const store = await open();
      const link = (id: number, flags: MappingFlags = {}) =>
        store.creates.link(below('note', id), {
          target: { incidentId: 1007, objectId: 1000 + id },
          digests: { text: 'x' },
          flags,
        });
      await Promise.all([link(70), link(71), link(72)]);
      const verified = async () =>
        Promise.all([70, 71, 72].map(async (id) => (await store.rows.find(below('note', id)))?.verified));
      await store.rows.flag(below('note', 72), { blanked: true });
      expect(await verified()).toEqual([true, true, true]);
      await store.close();
      // The times have whole seconds: what IBM writes later must be later.
      await ibm.run(earlier(place.config));
      await ibm.sync('note', 7, 70, 1007, 2000);
      await ibm.sync('note', 7, 71, 1007, 1071);
      await store.open(202);
      expect(await verified()).toEqual([false, false, true]);
      await store.rows.flag(below('note', 70), { blanked: true });
      await store.rows.flag(below('note', 72), {});
      expect(await verified()).toEqual([false, false, true]);
      await link(70);
      expect(await verified()).toEqual([true, false, true]);
      await ibm.close();
    });

    it('knows for which incidents IBM had still to retry something, for this source and target', async () => {
      const ibm = await ibmDatabase(place.config, version);
      await ibm.retry(8, 'incident', 8, 'note', 1);
      await ibm.retry(7, 'incident', 7, 'note', 2);
      await ibm.retry(7, 'task', 3, 'attachment', 3);
      await ibm.retry(9, 'incident', 9, 'note', 4, 203);
      const store = await open();
      expect(await store.retries(201)).toEqual([7, 8]);
      expect(await store.retries(999)).toEqual([]);
      // More than one statement can list.
      await store.forgetRetries(201, [...Array.from({ length: 40_000 }, (_, at) => at + 1_000), 7]);
      expect(await store.retries(201)).toEqual([8]);
      expect(await ibm.retries()).toHaveLength(2);
      await ibm.close();
    });

    it('takes two objects of the source that are one in the target', async () => {
      await (await ibmDatabase(place.config, version)).close();
      const store = await open();
      for (const id of [1, 2])
        await store.creates.link(below('artifact', id), { target: { incidentId: 1007, objectId: 50 }, digests: {} });
      for (const id of [1, 2])
        expect((await store.rows.find(below('artifact', id)))?.target).toEqual({ incidentId: 1007, objectId: 50 });
      expect(sharing(await store.rows.ofIncident(incident), below('artifact', 2), 50)).toEqual([below('artifact', 1)]);
      expect(sharing(await store.rows.ofIncident(incident), below('artifact', 1), 50)).toEqual([below('artifact', 2)]);
      await store.creates.link(below('artifact', 2), {
        target: { incidentId: 1007, objectId: 50 },
        digests: { description: 'x' },
      });
      expect((await store.rows.find(below('artifact', 2)))?.target).toEqual({ incidentId: 1007, objectId: 50 });
    });
  });
}

/** What a plan works with. */
function copySuite(place: () => MappingPlace, open: () => Promise<KnexMappingStore>): void {
  const other: ObjectKey = { orgId: 201, incidentId: 8, type: 'incident', objectId: 8 };
  const noteOf = (key: ObjectKey, objectId: number): ObjectKey => ({ ...key, type: 'note', objectId });
  const copyOf = (ids: readonly number[]): MappingCopy => new MappingCopy(place().config, (id) => ids.includes(id));

  it('has what it needs of a live mapping, and leaves that alone', async () => {
    const store = await open();
    for (const key of [incident, other]) {
      const target = { incidentId: 1000 + key.incidentId, objectId: 1000 + key.incidentId };
      await store.creates.link(key, { target, digests: { name: 'a' }, version: 3 });
      await store.creates.link(noteOf(key, key.incidentId * 10), { target: { ...target, objectId: 5 }, digests: {} });
    }
    // The lease of the live mapping is held meanwhile.
    const copy = copyOf([7]);
    await copy.inspect();
    await copy.open(202);
    expect(await copy.rows.find(incident)).toEqual(await store.rows.find(incident));
    expect(await copy.rows.find(noteOf(incident, 70))).toEqual(await store.rows.find(noteOf(incident, 70)));
    // Of others, whether they are there, and no more.
    expect(await copy.rows.find(other)).toMatchObject({ target: { objectId: 1008 } });
    expect(await copy.rows.find(noteOf(other, 80))).toBeUndefined();
    expect(await copy.rows.newestTarget(201)).toBe(1008);

    await copy.rows.mark(incident, 'deleted');
    await copy.creates.link(noteOf(incident, 71), { target: { incidentId: 1007, objectId: 6 }, digests: {} });
    await copy.close();
    expect(await store.rows.find(incident)).toMatchObject({ state: 'active' });
    expect(await store.rows.find(noteOf(incident, 71))).toBeUndefined();
  });

  it.each(['v1', 'v2'] as const)(
    'takes what IBM (%s) wrote as not verified, and changes none of it',
    async (version) => {
      const ibm = await ibmDatabase(place().config, version);
      await ibm.sync('incident', 7, 7, 1007, 1007);
      await ibm.sync('note', 7, 70, 1007, 1070);
      const columns = await ibm.columns();
      const copy = copyOf([7]);
      await copy.open(202);
      const target = { incidentId: 1007, objectId: 1070 };
      expect(await copy.rows.find(noteOf(incident, 70))).toMatchObject({ target, verified: false });
      await copy.close();
      expect(await ibm.columns()).toEqual(columns);
      await ibm.close();
    },
  );

  it('begins empty where there is no mapping yet', async () => {
    const copy = copyOf([7]);
    await copy.open(202);
    expect(await copy.rows.find(incident)).toBeUndefined();
    await copy.close();
    await expect(copy.check()).rejects.toThrow();
  });
}

/** Sets every row an hour back, as if it had been written then. */
function earlier({ client }: DatabaseConfig): string {
  const back = (column: string) =>
    client === 'sqlite' ? `datetime(${column}, '-1 hour')` : `${column} - interval '1 hour'`;
  return `UPDATE data_feeder_sync SET last_sync = ${back('last_sync')}, soar_feed_synced = ${back('soar_feed_synced')}`;
}

/** As IBM's feed keeps it: UTC text on SQLite, a timestamp on PostgreSQL. */
function isTime(value: unknown): boolean {
  return typeof value === 'string' ? /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) : value instanceof Date;
}
