import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { aTask, tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore, migrate, openDatabase, stepsDone } from '@soar-feed/store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { feedSteps } from '../../src/feed/steps.js';

let folder: TempFolder;
let file: string;
beforeEach(async () => {
  folder = await tempFolder();
  file = folder.file('feed.db');
});
afterEach(() => folder.remove());

const { key } = aTask();
const objectKey = `${key.orgId}/${key.incidentId}/task/${key.objectId}`;

/** A file as the version with so many steps wrote it: a task is parked and, where that version kept such a table, settled. */
async function makeOld(steps: number): Promise<void> {
  const database = await openDatabase({ client: 'sqlite', file });
  const { knex } = database;
  await migrate(database, 'feed', feedSteps.slice(0, steps));
  await knex('soar_feed_parked').insert({
    ...{ feed: 'f', object_key: objectKey, org_id: key.orgId, incident_id: key.incidentId, object_type: 'task' },
    ...{ object_id: key.objectId, operation: 'upsert', workspace: '"W"', observed_at: 1, stamp_kind: 'broker' },
    ...{ stamp_value: 1, state: 'deferred', why: '{"state":"deferred"}', revision: 1, place: 1, parked_at: 1 },
    payload: '{"name":"kept"}',
  });
  if (steps >= 3) {
    await knex('soar_feed_settled').insert({
      ...{ feed: 'g', object_key: objectKey, event_id: 'e-1', outcome: 'delivered', deleted: false, settled_at: 1 },
    });
  }
  await database.close();
}

async function stepsOf(path: string): Promise<number> {
  const database = await openDatabase({ client: 'sqlite', file: path });
  try {
    return await stepsDone(database, 'feed', [...feedSteps, ...feedSteps]);
  } finally {
    await database.close();
  }
}

/** What a host of this version finds in the file: the parked payload, and the outcome of the settled task. */
async function found(): Promise<unknown> {
  const store = new KnexFeedStore({ database: { client: 'sqlite', file } });
  await store.open();
  try {
    const row = await store.parked.find('f', key);
    return { parked: row?.payload, settled: (await store.settlements.last('g', key))?.outcome };
  } finally {
    await store.close();
  }
}

describe.each(feedSteps.slice(1).map((_, at) => at + 1))('a state of %d steps', (steps) => {
  const copyOf = (): string => `${file}.before-upgrade-${steps}`;

  it('is copied before its tables change, and everything in it goes on', async () => {
    await makeOld(steps);
    expect(await found()).toEqual({ parked: { name: 'kept' }, settled: steps >= 3 ? 'delivered' : undefined });
    expect(await stepsOf(file)).toBe(feedSteps.length);
    expect(await stepsOf(copyOf())).toBe(steps);
  });

  it('can be put back, and is upgraded again', async () => {
    await makeOld(steps);
    const before = await found();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    copyFileSync(copyOf(), file);
    expect(await found()).toEqual(before);
  });
});

describe('a state of a newer version', () => {
  it('is refused with the youngest copy that this version can use', async () => {
    for (const steps of [2, 5]) {
      await makeOld(steps);
      await found();
      rmSync(file);
    }
    await makeOld(feedSteps.length);
    const { knex, close } = await openDatabase({ client: 'sqlite', file });
    await knex('soar_feed_migrations').insert({ component: 'feed', step: 99, name: 'future', applied_at: 1 });
    await close();
    await expect(found()).rejects.toMatchObject({
      code: 'store-newer',
      message: expect.stringContaining(`put ${file}.before-upgrade-5 in its place`),
    });
  });
});

it('a state of this version, or a fresh one, is not copied', async () => {
  await found();
  await found();
  expect(existsSync(file)).toBe(true);
  expect(readdirSync(folder.path).filter((name) => name.includes('before-upgrade'))).toEqual([]);
});
