import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { feedSteps } from '../feed/steps.js';
import type { DatabaseConfig } from './Database.js';
import { withConnection } from './inspectSqliteFile.js';
import { stepsDone } from './migrate.js';
import { openDatabase } from './openDatabase.js';
import { loadSqliteDriver } from './sqliteDriver.js';

export interface StateInspection {
  /** Its name in messages. */
  readonly name: string;
  /** Changes to the tables that were made, and that this version knows. */
  readonly steps: { readonly done: number; readonly known: number };
  /** SQLite only. */
  readonly file?: {
    /** Bytes, with what is not checkpointed yet. */
    readonly size: number;
    /** Bytes that this user can still write on its file system. */
    readonly free: number;
    /** The first faults that SQLite finds when it reads everything; empty: none. */
    readonly damage: readonly string[];
  };
}

const MOST_FAULTS = 10;

/** Looks at a state database, also beside a running host; changes nothing. Throws `StoreError` if it cannot be read. */
export async function inspectState(config: DatabaseConfig): Promise<StateInspection> {
  const database = await openDatabase(config, { readOnly: true });
  try {
    const steps = { done: await stepsDone(database, 'feed', feedSteps), known: feedSteps.length };
    const { name } = database;
    return config.client === 'sqlite' ? { name, steps, file: await fileFacts(config.file) } : { name, steps };
  } finally {
    await database.close();
  }
}

async function fileFacts(file: string): Promise<NonNullable<StateInspection['file']>> {
  const driver = await loadSqliteDriver();
  const found = await withConnection(file, driver, (rows) => rows(`PRAGMA integrity_check(${MOST_FAULTS})`));
  const lines = found.map((row) => String(row['integrity_check']));
  const { bavail, bsize } = await statfs(dirname(file));
  const sizes = await Promise.all(
    ['', '-wal'].map((end) =>
      stat(file + end).then(
        (info) => info.size,
        () => 0,
      ),
    ),
  );
  return {
    size: sizes.reduce((sum, size) => sum + size, 0),
    free: bavail * bsize,
    damage: lines.filter((line) => line !== 'ok'),
  };
}
