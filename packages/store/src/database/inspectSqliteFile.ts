import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { types } from 'node:util';
import { StoreError } from '@soar-feed/core';
import type { OpenDatabaseOptions, SqliteConfig } from './Database.js';
import type { SqliteDriver } from './sqlite.js';
import { storeErrorOf } from './storeErrorOf.js';

const MAGIC = 'SQLite format 3\0';

/**
 * Looks at the file before it is used, so that a foreign or damaged one stays as it was, and makes a new one that only
 * its owner may read. Who only reads gets no new one, and does not wait until all of it is checked for damage. Throws
 * `StoreError`.
 */
export async function inspectSqliteFile(
  { file, refuseForeign }: SqliteConfig,
  driver: SqliteDriver,
  { readOnly = false }: OpenDatabaseOptions = {},
): Promise<void> {
  await checkFolder(file);
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  });
  if (info === undefined) {
    if (readOnly) throw refused(file, 'store-missing', 'does not exist: no host has run with it yet.');
    return create(file);
  }
  if (!info.isFile()) throw refused(file, 'store-not-sqlite', 'is not a file: name a file.');
  await access(file, constants.R_OK | constants.W_OK).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (info.size === 0) return;
  if ((await headOf(file)) !== MAGIC) {
    throw refused(file, 'store-not-sqlite', 'is not an SQLite database: name another file.');
  }
  if (readOnly) return;
  const { problem, tables } = await look(file, driver);
  if (problem !== undefined) {
    throw refused(
      file,
      'store-corrupt',
      `is damaged (${problem}): restore it from a backup, or move it away to start anew.`,
    );
  }
  const foreign = tables.filter((name) => !name.startsWith('sqlite_'));
  if (refuseForeign === true && foreign.length > 0 && !tables.includes('soar_feed_migrations')) {
    const names = foreign.slice(0, 5).join(', ');
    throw refused(file, 'store-foreign', `belongs to another program (tables ${names}): name another file.`);
  }
}

async function checkFolder(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const info = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw refused(file, 'store-folder-missing', `has no folder ${folder}: create the folder.`);
    throw unreadable(file, error);
  });
  if (!info.isDirectory()) throw refused(file, 'store-folder-missing', `cannot be made: ${folder} is not a folder.`);
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/** SQLite gives its `-wal` and `-shm` beside the file the same mode. */
async function create(file: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  await handle.close();
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

interface Look {
  readonly problem?: string;
  readonly tables: readonly string[];
}

async function look(file: string, driver: SqliteDriver): Promise<Look> {
  const connection = await new Promise<InstanceType<SqliteDriver['Database']>>((done, fail) => {
    const opened = new driver.Database(file, driver.OPEN_READWRITE, (error) =>
      error === null ? done(opened) : fail(error),
    );
  }).catch((error: unknown) => {
    throw storeErrorOf(error, `SQLite file ${file}`);
  });
  const rows = (sql: string) =>
    new Promise<readonly Readonly<Record<string, unknown>>[]>((done, fail) => {
      connection.all(sql, (error: Error | null, found: readonly Readonly<Record<string, unknown>>[]) =>
        error === null ? done(found) : fail(error),
      );
    });
  try {
    await rows('PRAGMA busy_timeout = 5000');
    const [check] = await rows('PRAGMA quick_check(1)');
    const verdict = String(check?.['quick_check'] ?? 'ok');
    if (verdict !== 'ok') return { problem: verdict.replaceAll('\n', ' '), tables: [] };
    const tables = await rows("SELECT name FROM sqlite_master WHERE type = 'table'");
    return { tables: tables.map((table) => String(table['name'])) };
  } catch (error) {
    throw storeErrorOf(error, `SQLite file ${file}`);
  } finally {
    await new Promise<void>((done) => connection.close(() => done()));
  }
}

function refused(file: string, code: string, problem: string): StoreError {
  return new StoreError(`SQLite file ${file} ${problem}`, { code, details: { file } });
}

function unreadable(file: string, cause: unknown): StoreError {
  const reason = types.isNativeError(cause) && 'code' in cause ? String(cause.code) : String(cause);
  return new StoreError(
    `SQLite file ${file} cannot be opened (${reason}): let the user that runs soar-feed read and write it and its folder.`,
    { code: 'store-unreadable', cause, details: { file } },
  );
}
