import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { types } from 'node:util';
import type { StoreError } from '@soar-feed/core';
import type { OpenDatabaseOptions, SqliteConfig } from './Database.js';
import { MissingDatabaseError, UnusableDatabaseError } from './faults.js';
import type { SqliteDriver } from './sqliteDriver.js';
import { storeErrorOf } from './storeErrorOf.js';

/** A larger file is not read whole before it is used: a start must not take as long as that. Bytes. */
const CHECKED_AT_ONCE = 64 * 1024 * 1024;

/**
 * Checks the file before it is used, so that a foreign or damaged file stays unchanged, and creates a missing one that
 * only its owner may read. A read-only open creates no file, and skips the full check for damage. Gives whether the full check is
 * left to be made in the background, because the file is large. Throws `StoreError`.
 *
 * Only SQLite itself opens an existing file: a process that closes any handle of a file loses all its POSIX locks on
 * it, including those of its connections. The next reader elsewhere that closes then unlinks the live `-wal`.
 */
export async function inspectSqliteFile(
  { file, refuseForeign }: SqliteConfig,
  driver: SqliteDriver,
  { readOnly = false }: OpenDatabaseOptions = {},
): Promise<boolean> {
  await checkFolder(file);
  const info = await oneAtATime(() => statOrCreate(file, readOnly));
  if (info === undefined) return false;
  if (!info.isFile()) throw refused(file, 'store-not-sqlite', 'is not a file: name a file.');
  await access(file, constants.R_OK | constants.W_OK).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (info.size === 0) return false;
  const isLarge = info.size > CHECKED_AT_ONCE;
  // A file that is not a database is refused by its first reader.
  const { problem, tables } = await look(file, driver, { readOnly, isLarge });
  if (problem !== undefined) {
    throw refused(
      file,
      'store-corrupt',
      `is damaged (${problem}): restore it from a backup, or move it away to start over.`,
    );
  }
  const foreign = tables.filter((name) => !name.startsWith('sqlite_'));
  if (refuseForeign === true && foreign.length > 0 && !tables.includes('soar_feed_migrations')) {
    const names = foreign.slice(0, 5).join(', ');
    throw refused(file, 'store-foreign', `belongs to another program (tables ${names}): name another file.`);
  }
  return isLarge && !readOnly;
}

async function checkFolder(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const info = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw refused(file, 'store-folder-missing', `has no folder ${folder}: create the folder.`);
    throw unreadable(file, error);
  });
  if (!info.isDirectory()) throw refused(file, 'store-folder-missing', `cannot be created: ${folder} is not a folder.`);
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/**
 * The existing file; `undefined` if the file was created just now, by us or another process. SQLite gives its `-wal`
 * and `-shm` the same mode.
 */
async function statOrCreate(file: string, readOnly: boolean): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file, error);
  }
  if (readOnly) {
    const problem = `SQLite file ${file} does not exist: no host has run with it yet.`;
    throw new MissingDatabaseError(problem, { code: 'store-missing', details: { file }, startWould: 'create' });
  }
  try {
    await (await open(file, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unreadable(file, error);
  }
  return undefined;
}

let turn: Promise<unknown> = Promise.resolve();

/** Nothing in this process connects to a new file while the handle that created it is still open. */
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const result = turn.then(work);
  turn = result.catch(() => undefined);
  return result;
}

interface Look {
  readonly problem?: string;
  readonly tables: readonly string[];
}

async function look(
  file: string,
  driver: SqliteDriver,
  { readOnly, isLarge }: { readonly readOnly: boolean; readonly isLarge: boolean },
): Promise<Look> {
  return withConnection(file, driver, async (rows) => {
    await rows('PRAGMA schema_version');
    if (readOnly) return { tables: [] };
    const problem = isLarge ? undefined : await damage(rows);
    if (problem !== undefined) return { problem, tables: [] };
    const tables = await rows("SELECT name FROM sqlite_master WHERE type = 'table'");
    return { tables: tables.map((table) => String(table['name'])) };
  });
}

/**
 * What is damaged in the file, as a new connection sees it; `undefined` if nothing is. Throws `StoreError`, also when `stop`
 * is aborted.
 */
export function checkSqliteFile(file: string, driver: SqliteDriver, stop?: AbortSignal): Promise<string | undefined> {
  return withConnection(file, driver, damage, stop);
}

type Rows = (sql: string, values?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

async function damage(rows: Rows): Promise<string | undefined> {
  const [check] = await rows('PRAGMA quick_check(1)');
  const verdict = String(check?.['quick_check'] ?? 'ok');
  return verdict === 'ok' ? undefined : verdict.replaceAll('\n', ' ');
}

/** A connection of its own to a file that exists; `stop` interrupts what it does. Throws `StoreError`. */
export async function withConnection<T>(
  file: string,
  driver: SqliteDriver,
  work: (rows: Rows) => Promise<T>,
  stop?: AbortSignal,
): Promise<T> {
  const connection = await new Promise<InstanceType<SqliteDriver['Database']>>((done, fail) => {
    const opened = new driver.Database(file, driver.OPEN_READWRITE, (error) =>
      error === null ? done(opened) : fail(error),
    );
  }).catch((error: unknown) => {
    throw storeErrorOf(error, `SQLite file ${file}`);
  });
  const rows: Rows = (sql, values = []) =>
    new Promise((done, fail) => {
      connection.all(sql, values, (error: Error | null, found: readonly Readonly<Record<string, unknown>>[]) =>
        error === null ? done(found) : fail(error),
      );
    });
  const interrupt = (): void => connection.interrupt();
  stop?.addEventListener('abort', interrupt);
  try {
    await rows('PRAGMA busy_timeout = 5000');
    stop?.throwIfAborted();
    return await work(rows);
  } catch (error) {
    throw storeErrorOf(error, `SQLite file ${file}`);
  } finally {
    stop?.removeEventListener('abort', interrupt);
    await new Promise<void>((done) => connection.close(() => done()));
  }
}

function refused(file: string, code: string, problem: string): StoreError {
  return new UnusableDatabaseError(`SQLite file ${file} ${problem}`, { code, details: { file } });
}

function unreadable(file: string, cause: unknown): StoreError {
  const reason = types.isNativeError(cause) && 'code' in cause ? String(cause.code) : String(cause);
  return new UnusableDatabaseError(
    `SQLite file ${file} cannot be opened (${reason}): let the user that runs soar-feed read and write it and its folder.`,
    { code: 'store-unreadable', cause, details: { file } },
  );
}
