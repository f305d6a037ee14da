import { chmod, mkdir, open as openFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore, openDatabase } from '@soar-feed/store';
import type { Database, SqliteConfig } from '@soar-feed/store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import sqlite3 from 'sqlite3';

let folder: TempFolder;
const open: Database[] = [];

beforeEach(async () => {
  folder = await tempFolder();
});

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
  await folder.remove();
});

async function openSqlite(over: Partial<SqliteConfig> = {}): Promise<Database> {
  const database = await openDatabase({ client: 'sqlite', file: folder.file('a.db'), ...over });
  open.push(database);
  return database;
}

/** A closed database of 200 rows. */
async function someDatabase(table = 'things'): Promise<string> {
  const database = await openDatabase({ client: 'sqlite', file: folder.file('a.db') });
  await database.knex.schema.createTable(table, (columns) => columns.text('text'));
  await database.knex(table).insert(Array.from({ length: 200 }, () => ({ text: 'x'.repeat(200) })));
  await database.close();
  return folder.file('a.db');
}

/** The file as it was, and nothing beside it. */
async function refusedUntouched(file: string, refusal: Promise<unknown>, code: string, words: string): Promise<void> {
  const [bytes, { mtimeMs }] = [await readFile(file), await stat(file)];
  await expect(refusal).rejects.toMatchObject({ kind: 'store', code, message: expect.stringContaining(words) });
  await expect(refusal).rejects.toMatchObject({ message: expect.stringContaining(file) });
  expect(bytes.equals(await readFile(file))).toBe(true);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  expect((await readdir(folder.path)).filter((name) => name.startsWith('a.db'))).toEqual(['a.db']);
}

describe('openDatabase, SQLite', () => {
  it('makes a file that only its owner may read, durable by default', async () => {
    const { knex } = await openSqlite();
    await knex.raw('CREATE TABLE a (b)');
    const modes = await Promise.all(
      ['a.db', 'a.db-wal', 'a.db-shm'].map(async (name) => (await stat(folder.file(name))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    const pragma = async (name: string) => Object.values((await knex.raw<object[]>(`PRAGMA ${name}`))[0] ?? {})[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('busy_timeout')).toBe(5000);
    expect(await pragma('foreign_keys')).toBe(1);
  });

  it('is quicker and less durable where asked to be', async () => {
    const { knex } = await openSqlite({ synchronous: 'NORMAL' });
    expect(await knex.raw('PRAGMA synchronous')).toEqual([{ synchronous: 1 }]);
  });

  it('lets transactions of two connections read and then write, one after the other', async () => {
    const first = await openSqlite();
    await first.knex.raw('CREATE TABLE counter AS SELECT 0 AS n');
    const second = await openSqlite();
    const addOne = (database: Database) =>
      database.transaction(async (trx) => {
        const row: { n: number } | undefined = await trx<{ n: number }>('counter').first();
        await trx('counter').update({ n: (row?.n ?? 0) + 1 });
      });
    await Promise.all(Array.from({ length: 40 }, (_, at) => addOne(at % 2 === 0 ? first : second)));
    expect(await first.knex('counter').first()).toEqual({ n: 40 });
  });

  it('waits for the lock of another program also where the file is new to us', async () => {
    const file = folder.file('a.db');
    const other = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
    });
    const run = (sql: string) =>
      new Promise<void>((resolve, reject) => other.exec(sql, (error) => (error ? reject(error) : resolve())));
    await run('CREATE TABLE counter AS SELECT 0 AS n; BEGIN IMMEDIATE; UPDATE counter SET n = 1');
    const opening = openSqlite();
    await sleep(300);
    await run('COMMIT');
    expect(await (await opening).knex('counter').first()).toEqual({ n: 1 });
    await new Promise((closed) => other.close(closed));
  });

  it('rolls back what throws, gives the error as it is, and goes on', async () => {
    const database = await openSqlite();
    await database.knex.raw('CREATE TABLE a (b)');
    const fault = new TypeError('mine');
    await expect(
      database.transaction(async (trx) => {
        await trx('a').insert({ b: 1 });
        throw fault;
      }),
    ).rejects.toBe(fault);
    expect(await database.knex('a')).toEqual([]);
    expect(await database.transaction((trx) => trx('a').insert({ b: 2 }))).toEqual([1]);
  });

  it('tells a refused statement without its SQL and its data', async () => {
    const database = await openSqlite();
    await database.knex.raw('CREATE TABLE a (b PRIMARY KEY)');
    const twice = database.transaction(async (trx) => {
      await trx('a').insert({ b: 'top secret' });
      await trx('a').insert({ b: 'top secret' });
    });
    const error: unknown = await twice.catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      kind: 'store',
      code: 'store-failed',
      message: expect.stringContaining('UNIQUE constraint failed: a.b'),
    });
    const { message, stack, cause, details } = error as Error & { details: unknown };
    expect(JSON.stringify([message, stack, (cause as Error).message, details])).not.toMatch(/secret|insert/i);
  });

  it('refuses a file that is not SQLite', async () => {
    await writeFile(folder.file('a.db'), '[feeds]\nfeed_names=a\n');
    await refusedUntouched(folder.file('a.db'), openSqlite(), 'store-not-sqlite', 'name another file');
  });

  describe('of more than 64 MB', () => {
    const LARGE = 70 * 1024 * 1024;

    /** One row that fills it, with nonsense at `at`. */
    async function largeFile(at?: number): Promise<string> {
      const file = await someDatabase();
      const database = await openDatabase({ client: 'sqlite', file });
      await database.knex.raw('INSERT INTO things VALUES (zeroblob(?))', [LARGE]);
      await database.close();
      if (at === undefined) return file;
      const handle = await openFile(file, 'r+');
      await handle.write(Buffer.alloc(8_192, 0xff), 0, 8_192, at);
      await handle.close();
      return file;
    }

    it('is opened before it is read whole, and used no more once it is found damaged', async () => {
      await largeFile(LARGE / 2);
      const database = await openSqlite();
      const found = async (): Promise<unknown> => {
        for (let tries = 0; tries < 600; tries += 1) {
          const error: unknown = await database.check().catch((thrown: unknown) => thrown);
          if (error !== undefined) return error;
          await sleep(50);
        }
        return undefined;
      };
      expect(await found()).toMatchObject({
        code: 'store-corrupt',
        message: expect.stringContaining('restore the file'),
      });
      const change = database.transaction((trx) => trx('things').delete());
      await expect(change).rejects.toMatchObject({ code: 'store-corrupt' });
    });

    it('is used on when nothing is damaged, and is left at once while it is still being read', async () => {
      await largeFile();
      const database = await openSqlite();
      await database.transaction((trx) =>
        trx('things')
          .where({ text: 'x'.repeat(200) })
          .delete(),
      );
      await database.check();
    });
  });

  it('refuses a damaged file', async () => {
    const file = await someDatabase();
    const bytes = await readFile(file);
    bytes.fill(0xff, 4096, 8192);
    await writeFile(file, bytes);
    await refusedUntouched(file, openSqlite(), 'store-corrupt', 'restore it from a backup');
  });

  it('refuses a file that was cut', async () => {
    const file = await someDatabase();
    await writeFile(file, (await readFile(file)).subarray(0, 9000));
    await refusedUntouched(file, openSqlite(), 'store-corrupt', 'restore it from a backup');
  });

  it("refuses another program's file where only ours will do", async () => {
    const file = await someDatabase('bookmarks');
    await refusedUntouched(file, openSqlite({ refuseForeign: true }), 'store-foreign', 'bookmarks');
    await refusedUntouched(
      file,
      new KnexFeedStore({ database: { client: 'sqlite', file } }).open(),
      'store-foreign',
      'another program',
    );
    await expect(openSqlite()).resolves.toBeDefined();
  });

  it('takes an empty file for a new one', async () => {
    await writeFile(folder.file('a.db'), '');
    const { knex } = await openSqlite({ refuseForeign: true });
    expect(await knex.raw('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses a missing folder, a folder as file and a file as folder', async () => {
    const missing = folder.file('no/such/a.db');
    await expect(openSqlite({ file: missing })).rejects.toMatchObject({
      code: 'store-folder-missing',
      message: expect.stringContaining('create the folder'),
    });
    await mkdir(folder.file('b.db'));
    await expect(openSqlite({ file: folder.file('b.db') })).rejects.toMatchObject({ code: 'store-not-sqlite' });
    await writeFile(folder.file('plain'), '');
    await expect(openSqlite({ file: folder.file('plain/a.db') })).rejects.toMatchObject({
      code: 'store-folder-missing',
    });
    expect((await readdir(folder.path)).sort()).toEqual(['b.db', 'plain']);
  });

  it('refuses a folder it may not write, and a file it may not read', async () => {
    const file = await someDatabase();
    await chmod(file, 0o000);
    await mkdir(folder.file('locked'), { mode: 0o555 });
    await chmod(folder.path, 0o755);
    const denied = { code: 'store-unreadable', message: expect.stringContaining('let the user that runs soar-feed') };
    await asNobody(async () => {
      await expect(openSqlite()).rejects.toMatchObject(denied);
      await expect(openSqlite({ file: join(folder.file('locked'), 'a.db') })).rejects.toMatchObject(denied);
    });
    expect(await readdir(folder.file('locked'))).toEqual([]);
  });
});

/** root may do everything, so the test is the user nobody while `work` runs. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
