import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import type { ParkedFilter } from '@soar-feed/core';
import { KnexFeedStore, openDatabase } from '@soar-feed/store';
import type { Database } from '@soar-feed/store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { filterParked } from '../../src/feed/filterParked.js';
import { PARKED } from '../../src/feed/steps.js';

let folder: TempFolder;
let database: Database;

beforeAll(async () => {
  folder = await tempFolder();
  const file = folder.file('feed.db');
  const store = new KnexFeedStore({ database: { client: 'sqlite', file } });
  await store.open();
  await store.close();
  database = await openDatabase({ client: 'sqlite', file });
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

/** How SQLite would find a page of the rows. */
async function planOf(filter: ParkedFilter): Promise<string> {
  const { knex } = database;
  const page = filterParked(knex(PARKED), filter)
    .andWhere('place', '>', 7)
    .orderBy('place')
    .limit(5)
    .toSQL()
    .toNative();
  const steps = await knex.raw<readonly { readonly detail: string }[]>(
    `EXPLAIN QUERY PLAN ${page.sql}`,
    page.bindings as readonly string[],
  );
  return steps.map(({ detail }) => detail).join('; ');
}

describe('a page of parked rows', () => {
  it.each<[string, ParkedFilter]>([
    ['of a feed', { feed: 'f' }],
    ['of all feeds', {}],
    ['in one state', { feed: 'f', state: 'failed' }],
    ['of one type', { feed: 'f', type: 'note' }],
    ['of one incident in any organization', { feed: 'f', incidentId: 2001 }],
    ['in one state of any feed', { state: 'failed', code: 'x' }],
  ])('%s is read in the order of its places, without sorting all the others', async (_, filter) => {
    const plan = await planOf(filter);
    expect(plan).toContain('place>?');
    expect(plan).not.toContain('TEMP B-TREE');
  });

  it('of an incident reads no other incident', async () => {
    const incident = { feed: 'f', orgId: 201, incidentId: 2001 };
    for (const more of [{}, { state: 'failed' as const }])
      expect(await planOf({ ...incident, ...more })).toContain('(feed=? AND org_id=? AND incident_id=?)');
  });

  it('holds what the filter says', async () => {
    const row = { object_key: '', org_id: 201, incident_id: 1, object_type: 'note', object_id: 1, parked_at: 0 };
    const given = {
      operation: 'upsert',
      workspace: '""',
      observed_at: 0,
      stamp_kind: 'read',
      stamp_value: 0,
      why: '{}',
    };
    const rows = ['failed', 'deferred', 'failed'].map((state, at) => ({
      ...row,
      ...given,
      ...{ feed: at === 2 ? 'g' : 'f', object_key: `201/1/note/${at}`, state, code: state === 'failed' ? 'x' : null },
      ...{ revision: at, place: at + 1, incident_id: at },
    }));
    await database.knex(PARKED).insert(rows);
    const placesOf = (filter: ParkedFilter) =>
      filterParked(database.knex(PARKED), filter).orderBy('place').pluck<number[]>('place');
    expect(await placesOf({})).toEqual([1, 2, 3]);
    expect(await placesOf({ feed: 'f' })).toEqual([1, 2]);
    expect(await placesOf({ feed: 'f', state: 'failed' })).toEqual([1]);
    expect(await placesOf({ code: 'x' })).toEqual([1, 3]);
    expect(await placesOf({ feed: 'f', orgId: 201, incidentId: 1, type: 'note' })).toEqual([2]);
    expect(await placesOf({ orgId: 202 })).toEqual([]);
    await database.knex(PARKED).delete();
  });
});
