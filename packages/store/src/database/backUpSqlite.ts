import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError, surroundings } from '@soar-feed/core';
import { checkSqliteFile, withConnection } from './inspectSqliteFile.js';
import { loadSqliteDriver } from './sqliteDriver.js';

export interface BackupOptions {
  /** Put it in the place of a file that exists. */
  readonly overwrite?: boolean;
}

/**
 * Copies an SQLite file as it is at one moment, also while a host writes to it, which is not held up. The copy is
 * complete, checked and flushed before it gets its name, and only its owner may read it. Gives its size in bytes. Throws
 * `StoreError`; then no copy is left.
 */
export async function backUpSqlite(
  file: string,
  to: string,
  { overwrite = false }: BackupOptions = {},
): Promise<number> {
  const driver = await loadSqliteDriver();
  const fresh = `${to}.${surroundings().uuid()}.tmp`;
  try {
    await (await open(fresh, 'wx', 0o600)).close();
    await withConnection(file, driver, (rows) => rows('VACUUM INTO ?', [fresh]));
    const problem = await checkSqliteFile(fresh, driver);
    if (problem !== undefined) throw new Error(`the copy is damaged: ${problem}`);
    await flush(fresh);
    const { size } = await stat(fresh);
    if (overwrite) await rename(fresh, to);
    // Unlike a rename, this refuses a file that is there.
    else await link(fresh, to);
    await flush(dirname(to));
    return size;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw failed(to, error);
  } finally {
    await rm(fresh, { force: true });
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function failed(to: string, error: unknown): StoreError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === 'EEXIST'
      ? 'exists, and was not changed: name another file'
      : code === 'ENOENT'
        ? 'cannot be written: its folder does not exist'
        : `cannot be written (${code ?? message}): name a place with room that this user may write to`;
  return new StoreError(`The copy ${to} ${why}.`, { code: 'store-backup-failed', cause: error, details: { file: to } });
}
