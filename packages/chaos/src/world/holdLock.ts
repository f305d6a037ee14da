import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteFile } from './SqliteFile.js';

/**
 * Holds the write lock of a database for `forMs`, as a backup or another program may. Does nothing if there is no file.
 */
export async function holdLock(file: string, forMs: number): Promise<void> {
  if (!existsSync(file)) return;
  const database = await SqliteFile.open(file, 'write');
  try {
    await database.run('BEGIN IMMEDIATE');
    await sleep(forMs);
    await database.run('ROLLBACK');
  } finally {
    await database.close();
  }
}
