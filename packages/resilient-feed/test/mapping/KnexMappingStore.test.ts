import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { StoreError, keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { KnexMappingStore } from '../../src/mapping/KnexMappingStore.js';
import type { Intent } from '../../src/mapping/Intent.js';
import { ibmDatabase } from '../helpers/ibmDatabase.js';
import type { IbmVersion } from '../helpers/ibmDatabase.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const incident: ObjectKey = { orgId: 201, incidentId: 7, type: 'incident', objectId: 7 };
const below = (type: string, objectId: number): ObjectKey => ({ ...incident, type, objectId });

describe('the mapping', () => {
  let folder: TempFolder;
  let stores: KnexMappingStore[];
  beforeEach(async () => {
    folder = await tempFolder();
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await folder.remove();
  });

  async function open(targetOrgId = 202): Promise<KnexMappingStore> {
    const store = new KnexMappingStore({ client: 'sqlite', file: folder.file('sync.db') });
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
    await store.link(below('note', 70), { target, digests: { text: 'abc' }, version: 4, flags: { blankAfter: [1] } });
    await store.close();
    const again = await open();
    expect(await again.find(below('note', 70))).toEqual({
      source: below('note', 70),
      state: 'active',
      target,
      digests: { text: 'abc' },
      version: 4,
      flags: { blankAfter: [1] },
      verified: true,
    });
    expect(await again.find(below('note', 71))).toBeUndefined();
  });

  it('keeps an intent until its object is linked, in the same commit', async () => {
    const store = await open();
    await store.begin(intentOf(incident));
    await store.close();
    const again = await open();
    expect(again.intent(incident)).toEqual(intentOf(incident));
    const next = intentOf(below('*default-note', 7));
    await again.link(incident, { target: { incidentId: 1007, objectId: 1007 }, digests: {}, next });
    expect(again.intent(incident)).toBeUndefined();
    expect(again.intent(next.source)).toEqual(next);
    await again.close();
    const third = await open();
    expect(third.intent(incident)).toBeUndefined();
    expect(third.intent(next.source)).toEqual(next);
    await third.forgetIntent(next.source);
    await third.close();
    expect((await open()).intent(next.source)).toBeUndefined();
  });

  it('marks an incident with all of its objects, a task with its own', async () => {
    const store = await open();
    const link = (source: ObjectKey, objectId: number, taskId?: number) =>
      store.link(source, {
        target: { incidentId: 1007, objectId, ...(taskId === undefined ? {} : { taskId }) },
        digests: {},
      });
    await link(incident, 1007);
    await link(below('task', 1), 11);
    await link(below('task', 2), 12);
    await link(below('note', 3), 13, 11);
    await link(below('attachment', 4), 14, 11);
    await link(below('note', 5), 15, 12);
    await store.mark(below('task', 1), 'deleted');
    const stateOf = async (source: ObjectKey) => (await store.find(source))?.state;
    expect(await stateOf(below('note', 3))).toBe('deleted');
    expect(await stateOf(below('attachment', 4))).toBe('deleted');
    expect(await stateOf(below('note', 5))).toBe('active');
    await store.mark(incident, 'bypassed');
    expect(await stateOf(below('note', 5))).toBe('bypassed');
    expect(await stateOf(below('note', 3))).toBe('deleted');
    await store.forget(incident);
    expect(await stateOf(incident)).toBeUndefined();
    expect(await stateOf(below('task', 2))).toBeUndefined();
  });

  it('marks what has no row yet, and finds it without ids', async () => {
    const store = await open();
    await store.mark(incident, 'filtered', { replica: true });
    expect(await store.find(incident)).toMatchObject({ state: 'filtered', flags: { replica: true } });
    expect((await store.find(incident))?.target).toBeUndefined();
  });

  it('finds several objects of an incident by one query, and those that share a target', async () => {
    const store = await open();
    const link = (source: ObjectKey, objectId: number, extraIds: number[] = []) =>
      store.link(source, { target: { incidentId: 1007, objectId, extraIds }, digests: {} });
    await link(below('artifact', 1), 50);
    await link(below('artifact', 2), 50);
    await link(below('artifact', 3), 51, [50]);
    await link(below('milestone', 1), 50);
    const found = await store.findAll([below('artifact', 1), below('milestone', 1), below('artifact', 9)]);
    expect([...found.keys()].sort()).toEqual([keyText(below('artifact', 1)), keyText(below('milestone', 1))].sort());
    expect(await store.othersWithTarget(below('artifact', 1), 50)).toEqual([
      below('artifact', 2),
      below('artifact', 3),
    ]);
    expect(await store.mappedTargets(1007, 'artifact')).toEqual(new Set([50, 51]));
    expect(await store.mappedTargets(1008, 'artifact')).toEqual(new Set());
  });

  it('keeps the rows of other target orgs apart', async () => {
    const one = await open(202);
    await one.link(incident, { target: { incidentId: 1007, objectId: 1007 }, digests: {} });
    await one.begin(intentOf(below('note', 1)));
    await one.close();
    const other = await open(203);
    expect(await other.find(incident)).toBeUndefined();
    expect(other.intent(below('note', 1))).toBeUndefined();
  });

  it('takes what many write at once, and fails only the one that cannot be kept', async () => {
    const store = await open();
    const keys = Array.from({ length: 50 }, (_, at) => below('note', at + 1));
    const link = (source: ObjectKey, objectId: number) =>
      store.link(source, { target: { incidentId: 1007, objectId }, digests: {} });
    await Promise.all(keys.map((key) => store.begin(intentOf(key))));
    const impossible = { ...intentOf(below('milestone', 2)), sentAtMs: null as unknown as number };
    const results = await Promise.allSettled([
      ...keys.map((key) => link(key, 1000 + key.objectId)),
      store.begin(impossible),
    ]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(results.at(-1)?.status).toBe('rejected');
    expect((await store.mappedTargets(1007, 'note')).size).toBe(50);
    expect(keys.filter((key) => store.intent(key) !== undefined)).toEqual([]);
  });

  it('has one owner at a time, who is named', async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'store-held',
      message: expect.stringContaining(String(process.pid)),
    });
    // Another target org's rows are another mapping, in the same file or not.
    await (await open(203)).close();
    await store.close();
    await open();
  });

  it('tells "cannot read" from "is not there"', async () => {
    const store = await open();
    await store.close();
    await expect(store.find(incident)).rejects.toBeInstanceOf(StoreError);
    await expect(store.begin(intentOf(incident))).rejects.toBeInstanceOf(StoreError);
  });

  it('refuses a table of that name which is not the mapping, and leaves it as it was', async () => {
    const ibm = await ibmDatabase(folder.file('sync.db'));
    await ibm.run('CREATE TABLE data_feeder_sync (id int)');
    await expect(open()).rejects.toMatchObject({ code: 'mapping-foreign' });
    expect(await ibm.all('PRAGMA table_info(data_feeder_sync)')).toHaveLength(1);
    await ibm.close();
    await writeFile(folder.file('sync.db'), 'this is no database, however long the text that stands here may be');
    await expect(open()).rejects.toBeInstanceOf(StoreError);
  });

  describe.each<IbmVersion>(['v1', 'v2'])("of IBM's feed, %s", (version) => {
    it('is read as IBM wrote it, and IBM can read it again', async () => {
      const ibm = await ibmDatabase(folder.file('sync.db'), version);
      await ibm.sync('incident', 7, 7, 1007, 1007);
      await ibm.sync('note', 7, 70, 1007, 1070);
      await ibm.sync('incident', 8, 8, null, null, 'filtered');
      await ibm.sync('incident', 9, 9, 0, 0, 'filtered');
      if (version === 'v2') await ibm.sync('tasknote', 7, 72, 1007, 1072);
      const columns = await ibm.all('PRAGMA table_info(data_feeder_sync)');

      const store = await open();
      expect(await store.find(incident)).toMatchObject({
        state: 'active',
        target: { objectId: 1007 },
        verified: false,
      });
      for (const id of [8, 9]) {
        const filtered = await store.find({ ...incident, incidentId: id, objectId: id });
        expect(filtered?.state).toBe('filtered');
        expect(filtered?.target).toBeUndefined();
      }
      if (version === 'v2') expect(await store.find(below('note', 72))).toMatchObject({ target: { objectId: 1072 } });

      // A task's note gets its own name, where IBM's feed looks it up.
      await store.link(below('note', 70), {
        target: { incidentId: 1007, objectId: 1070, taskId: 5 },
        digests: {},
        replacesIbmRow: true,
      });
      await store.link(below('note', 73), { target: { incidentId: 1007, objectId: 1073 }, digests: {} });
      expect(await ibm.find('tasknote', 7, 70)).toMatchObject({ org2_type_id: 1070, status: 'active' });
      expect(await ibm.find('note', 7, 70)).toBeUndefined();
      const row = await ibm.find('note', 7, 73);
      expect(row).toMatchObject({ org2: 202, org2_inc_id: 1007, org2_type_id: 1073, status: 'active' });
      expect(row?.['last_sync']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      if (version === 'v2') expect(row?.['sync_role_source']).toBe('TRUE');

      // Its own columns stand where they stood; ours come after them.
      const now = await ibm.all('PRAGMA table_info(data_feeder_sync)');
      expect(now.slice(0, columns.length)).toEqual(columns);
      // IBM's feed writes over a row of ours while we do not run: it is checked again.
      await store.close();
      await ibm.sync('note', 7, 73, 1007, 2000);
      await store.open(202);
      expect(await store.find(below('note', 73))).toMatchObject({ verified: version === 'v2' });
      await ibm.close();
    });

    it('takes two objects of the source that are one in the target', async () => {
      await (await ibmDatabase(folder.file('sync.db'), version)).close();
      const store = await open();
      for (const id of [1, 2])
        await store.link(below('artifact', id), { target: { incidentId: 1007, objectId: 50 }, digests: {} });
      for (const id of [1, 2])
        expect((await store.find(below('artifact', id)))?.target).toEqual({ incidentId: 1007, objectId: 50 });
      expect(await store.othersWithTarget(below('artifact', 2), 50)).toEqual([below('artifact', 1)]);
      expect(await store.othersWithTarget(below('artifact', 1), 50)).toEqual([below('artifact', 2)]);
      await store.link(below('artifact', 2), {
        target: { incidentId: 1007, objectId: 50 },
        digests: { description: 'x' },
      });
      expect((await store.find(below('artifact', 2)))?.target).toEqual({ incidentId: 1007, objectId: 50 });
    });
  });
});
