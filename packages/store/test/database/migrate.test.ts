import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore, migrate, openDatabase } from '@soar-feed/store';
import type { Database, MigrationStep } from '@soar-feed/store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let folder: TempFolder;
let databases: Database[];
let database: Database;

const open = async (): Promise<Database> => {
  const opened = await openDatabase({ client: 'sqlite', file: folder.file('a.db') });
  databases.push(opened);
  return opened;
};

beforeEach(async () => {
  folder = await tempFolder();
  databases = [];
  database = await open();
});

afterEach(async () => {
  for (const opened of databases) await opened.close();
  await folder.remove();
});

const creates = (table: string): MigrationStep => ({
  name: table,
  up: (trx) => trx.schema.createTable(table, (columns) => columns.increments('id')),
});

const tables = async () => {
  const rows: { name: string }[] = await database
    .knex('sqlite_master')
    .where('type', 'table')
    .orderBy('name')
    .select('name');
  return rows.map((row) => row.name).filter((name) => !name.startsWith('sqlite_'));
};

const ledger = () =>
  database.knex('soar_feed_migrations').orderBy(['component', 'step']).select('component', 'step', 'name');

describe('migrate', () => {
  it('does each step once, and later only the new ones, per component', async () => {
    await migrate(database, 'one', [creates('a')]);
    await migrate(database, 'one', [creates('a')]);
    await migrate(database, 'two', [creates('c')]);
    await migrate(database, 'one', [creates('a'), creates('b')]);
    expect(await ledger()).toEqual([
      { component: 'one', step: 1, name: 'a' },
      { component: 'one', step: 2, name: 'b' },
      { component: 'two', step: 1, name: 'c' },
    ]);
    expect(await tables()).toEqual(['a', 'b', 'c', 'soar_feed_migrations']);
  });

  it('leaves nothing behind when a step fails', async () => {
    const broken: MigrationStep = {
      name: 'broken',
      up: async (trx) => {
        await trx.raw('CREATE TABLE half (b)');
        await trx.raw('INSERT INTO nowhere VALUES (1)');
      },
    };
    await expect(migrate(database, 'one', [creates('a'), broken])).rejects.toMatchObject({ code: 'store-failed' });
    expect(await tables()).toEqual([]);
    await migrate(database, 'one', [creates('a')]);
    expect(await tables()).toEqual(['a', 'soar_feed_migrations']);
  });

  it('is done once by two that start together', async () => {
    const other = await open();
    await Promise.all([
      migrate(database, 'one', [creates('a'), creates('b')]),
      migrate(other, 'one', [creates('a'), creates('b')]),
    ]);
    expect(await ledger()).toHaveLength(2);
  });

  it('refuses what a newer version wrote, and touches nothing', async () => {
    await migrate(database, 'one', [creates('a'), creates('b')]);
    const before = await database.knex('soar_feed_migrations');
    await expect(migrate(database, 'one', [creates('a')])).rejects.toMatchObject({
      kind: 'store',
      code: 'store-newer',
      message: expect.stringMatching(/written by a newer soar-feed.*one has step 2, this version knows 1.*upgrade/),
    });
    expect(await database.knex('soar_feed_migrations')).toEqual(before);
  });

  it("refuses a newer version's state before it takes the lease", async () => {
    const store = new KnexFeedStore({ database: { client: 'sqlite', file: folder.file('a.db') } });
    await migrate(
      database,
      'feed',
      Array.from({ length: 99 }, (_, at) => creates(`t${at}`)),
    );
    await expect(store.open()).rejects.toMatchObject({ code: 'store-newer' });
    expect(await tables()).not.toContain('soar_feed_lease');
  });
});
