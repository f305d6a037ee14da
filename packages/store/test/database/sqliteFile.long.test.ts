import { spawnSync } from 'node:child_process';
import { copyFile, readFile, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { GroupCommit, KnexFeedStore, openDatabase } from '@soar-feed/store';
import type { Database } from '@soar-feed/store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let folder: TempFolder;
let file: string;
const open: Database[] = [];

beforeEach(async () => {
  folder = await tempFolder();
  file = folder.file('a.db');
});

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
  await folder.remove();
});

async function opened(): Promise<Database> {
  const database = await openDatabase({ client: 'sqlite', file });
  open.push(database);
  return database;
}

/** What a process of its own reads: it opens the file, as any tool does, and closes it. */
function readElsewhere(path = file): readonly number[] {
  const script = `
    const { Database, OPEN_READWRITE } = require('sqlite3');
    const db = new Database(process.argv[1], OPEN_READWRITE, () =>
      db.all('SELECT n FROM numbers ORDER BY n', (error, rows) => {
        console.log(JSON.stringify(error ? String(error) : rows.map((row) => row.n)));
        db.close();
      }));`;
  const { stdout } = spawnSync(process.execPath, ['-e', script, path], {
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url).pathname,
  });
  return JSON.parse(stdout) as readonly number[];
}

/**
 * Locks of this process on the file. An older SQLite that closes elsewhere while they are gone unlinks the live -wal;
 * ours asks more (3.51), so that it cannot show the harm.
 */
async function ownLocks(): Promise<number> {
  const { ino } = await stat(file);
  const lines = (await readFile('/proc/locks', 'utf8')).split('\n');
  return lines.filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `)).length;
}

async function numbersIn(database: Database): Promise<(n: number) => Promise<void>> {
  await database.knex.raw('CREATE TABLE IF NOT EXISTS numbers (n)');
  const commits = new GroupCommit(database);
  return (n) => commits.run(async (trx) => void (await trx('numbers').insert({ n })));
}

describe('an SQLite file that several look at', () => {
  it('keeps its -wal, and what is committed later, whoever of this process looks at it and whoever closes elsewhere', async () => {
    const database = await opened();
    const put = await numbersIn(database);
    // Before that, the file is empty, and nobody looks into it.
    await database.knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await put(1);
    const { ino } = await stat(`${file}-wal`);
    // Another feed, a check, a command: all in this process.
    await opened();
    await (await openDatabase({ client: 'sqlite', file }, { readOnly: true })).close();
    if (process.platform === 'linux') expect(await ownLocks()).toBe(1);
    expect(readElsewhere()).toEqual([1]);
    expect((await stat(`${file}-wal`)).ino).toBe(ino);
    await put(2);
    expect(readElsewhere()).toEqual([1, 2]);
    expect((await stat(`${file}-wal`)).ino).toBe(ino);
  });

  it('is made by one of many that come together, 20 times', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      file = folder.file(`${turn}.db`);
      const databases = await Promise.all([opened(), opened(), opened()]);
      const puts = await Promise.all(databases.map((database) => numbersIn(database)));
      await Promise.all(puts.map((put, n) => put(n)));
      expect(readElsewhere()).toEqual([0, 1, 2]);
      for (const database of open.splice(0)) await database.close();
    }
  }, 60_000);
});

describe('an SQLite file that goes away under its connections', () => {
  it('takes no commit for stored while it is moved, and has it when it is back', async () => {
    const database = await opened();
    const put = await numbersIn(database);
    await rename(file, folder.file('elsewhere.db'));
    await expect(put(1)).rejects.toMatchObject({
      kind: 'store',
      code: 'store-moved',
      message: expect.stringMatching(/a\.db was removed or moved while in use.*put the same file back/),
    });
    await expect(database.check()).rejects.toMatchObject({ code: 'store-moved' });
    await rename(folder.file('elsewhere.db'), file);
    await database.check();
    await put(2);
    expect(readElsewhere()).toContain(2);
  });

  it('takes no commit while another file stands there, and leaves that one as it is', async () => {
    const database = await opened();
    const put = await numbersIn(database);
    await put(1);
    await database.knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await copyFile(file, folder.file('backup.db'));
    await put(2);
    await rm(file);
    await copyFile(folder.file('backup.db'), file);
    await expect(put(3)).rejects.toMatchObject({
      code: 'store-replaced',
      message: expect.stringContaining('restart soar-feed'),
    });
    await database.close();
    // The -wal of the removed file must not be played into this one.
    expect((await readdir(folder.path)).sort()).toEqual(['a.db', 'a.db-wal.of-replaced-file', 'backup.db']);
    expect(readElsewhere()).toEqual([1]);
  });

  it.each(['-wal', '-shm'])('loses nothing when its %s is removed', async (ending) => {
    const database = await opened();
    const put = await numbersIn(database);
    await put(1);
    await rm(`${file}${ending}`);
    await put(2);
    await database.check();
    expect(readElsewhere()).toEqual([1, 2]);
    await put(3);
    expect(await database.reader('numbers').pluck('n')).toEqual([1, 2, 3]);
    expect(readElsewhere()).toEqual([1, 2, 3]);
  });

  it.each([0, 4096])('takes no commit once it was cut to %i bytes, not even after it is put back', async (bytes) => {
    const database = await opened();
    const put = await numbersIn(database);
    for (let n = 0; n < 50; n += 1) await put(n);
    await database.knex('numbers').insert(Array.from({ length: 400 }, () => ({ n: 'x'.repeat(200) })));
    await database.knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await database.check();
    await truncate(file, bytes);
    await expect(put(1)).rejects.toMatchObject({
      code: 'store-cut',
      message: expect.stringMatching(/was truncated while in use.*restore the file from a backup/),
    });
    await expect(database.check()).rejects.toMatchObject({ code: 'store-cut' });
  });

  it('goes on after a vacuum by somebody else', async () => {
    const database = await opened();
    const put = await numbersIn(database);
    await database.knex('numbers').insert(Array.from({ length: 400 }, () => ({ n: 'x'.repeat(200) })));
    await database.knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await database.check();
    await database.knex('numbers').delete();
    await (await opened()).knex.raw('VACUUM');
    await database.knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await put(1);
    expect(readElsewhere()).toEqual([1]);
  });
});

it('is not both the state and something else', async () => {
  const { knex } = await opened();
  await knex.raw('CREATE TABLE soar_feed_migrations (component text, step integer)');
  await knex('soar_feed_migrations').insert({ component: 'resilient-mapping', step: 1 });
  await expect(new KnexFeedStore({ database: { client: 'sqlite', file } }).open()).rejects.toMatchObject({
    code: 'store-foreign',
    message: expect.stringMatching(/already used for resilient-mapping: the state database needs a file of its own/),
  });
});
