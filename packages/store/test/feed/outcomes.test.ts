import { anIncident, aTask, tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore, migrate, openDatabase } from '@soar-feed/store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { feedSteps } from '../../src/feed/steps.js';

let folder: TempFolder;
const open: KnexFeedStore[] = [];
beforeEach(async () => {
  folder = await tempFolder();
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  await folder.remove();
});

const makeStore = (more: { keepOutcomes?: boolean } = {}) => {
  const store = new KnexFeedStore({ database: { client: 'sqlite', file: folder.file('feed.db') }, ...more });
  open.push(store);
  return store;
};

describe('KnexFeedStore', () => {
  it('counts outcomes also where it keeps none', async () => {
    const store = makeStore({ keepOutcomes: false });
    await store.open();
    await store.parked.park('f', aTask(), { state: 'deferred' });
    const { key, id: eventId } = anIncident();
    await store.settlements.settle({ feed: 'f', key, eventId, outcome: 'delivered', deleted: false });
    expect(await store.outcomes.find('f', eventId)).toBeUndefined();
    expect(await store.outcomes.find('f', aTask().id)).toBeUndefined();
    expect(await store.outcomes.totals()).toMatchObject([{ feed: 'f', totals: { delivered: 1, parked: 1 } }]);
  });

  it('forgets a settled event by its age, among many, in one statement each time', async () => {
    const store = makeStore();
    await store.open();
    const settle = (at: number) => {
      const { key } = anIncident({ incidentId: at });
      return store.settlements.settle({ feed: 'f', key, eventId: `e-${at}`, outcome: 'skipped', deleted: false });
    };
    await Promise.all(Array.from({ length: 700 }, (_, at) => settle(at)));
    const later = Date.now() + 1_000;
    expect(await store.outcomes.prune(later, 500)).toBe(500);
    expect(await store.outcomes.prune(later, 500)).toBe(200);
  });
});

describe('a state from before the log of outcomes', () => {
  /** As the first version made it, with one row. */
  const makeOld = async () => {
    const database = await openDatabase({ client: 'sqlite', file: folder.file('feed.db') });
    await migrate(database, 'feed', feedSteps.slice(0, 4));
    const { key } = aTask();
    await database.knex('soar_feed_parked').insert({
      ...{ feed: 'f', object_key: `${key.orgId}/${key.incidentId}/task/${key.objectId}`, org_id: key.orgId },
      ...{ incident_id: key.incidentId, object_type: 'task', object_id: key.objectId, operation: 'upsert' },
      ...{ workspace: '"W"', observed_at: 1, stamp_kind: 'broker', stamp_value: 1, state: 'deferred' },
      ...{ why: '{"state":"deferred"}', revision: 1, place: 1, parked_at: 1, payload: '{"name":"kept"}' },
    });
    await database.close();
    return key;
  };

  it('is brought up to date and keeps its rows, which end without an event of their own', async () => {
    const key = await makeOld();
    const store = makeStore();
    await store.open();
    const row = await store.parked.find('f', key);
    expect(row).toMatchObject({ payload: { name: 'kept' }, why: { state: 'deferred' } });
    expect(row).not.toHaveProperty('eventId');
    await store.parked.park('f', aTask(), { state: 'deferred' });
    expect(await store.outcomes.totals()).toMatchObject([{ totals: { parked: 1, superseded: 0 } }]);
  });

  it('is not looked at before that: a command says to start the host once', async () => {
    await makeOld();
    await expect(makeStore().open({ readOnly: true })).rejects.toMatchObject({
      kind: 'store',
      code: 'store-older',
      message: expect.stringContaining(folder.file('feed.db')),
    });
  });
});
