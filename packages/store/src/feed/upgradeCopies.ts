import { existsSync } from 'node:fs';
import { StoreError } from '@soar-feed/core';
import { backUpSqlite } from '../database/backUpSqlite.js';
import type { DatabaseConfig } from '../database/Database.js';
import { UnusableDatabaseError } from '../database/faults.js';
import { feedSteps } from './steps.js';

/** What an upgrade calls the copy of a file with so many steps. */
function copyName(file: string, steps: number): string {
  return `${file}.before-upgrade-${steps}`;
}

/**
 * Copies an SQLite file that an older version wrote, before its tables are changed: that is the way back. Throws
 * `StoreError` if there is no room; then nothing is changed. A server has backups of its own.
 */
export async function copyBeforeUpgrade(config: DatabaseConfig, done: number): Promise<void> {
  if (config.client !== 'sqlite' || done === 0 || done >= feedSteps.length) return;
  const copy = copyName(config.file, done);
  // An upgrade that was interrupted has changed nothing, so the first copy is as good.
  if (!existsSync(copy)) await backUpSqlite(config.file, copy);
}

/** Adds to the error for a newer file where the copy is that this version can use. */
export function withWayBack(error: unknown, config: DatabaseConfig): unknown {
  if (!(error instanceof StoreError) || error.code !== 'store-newer') return error;
  const way =
    config.client === 'sqlite'
      ? wayBack(config.file)
      : 'To stay with this version, restore a backup of the server from before the upgrade.';
  return new UnusableDatabaseError(`${error.message} ${way}`, {
    code: 'store-newer',
    details: { ...error.details },
    cause: error,
  });
}

function wayBack(file: string): string {
  // The youngest that this version knows.
  const copy = feedSteps
    .map((_, at) => copyName(file, at + 1))
    .filter((name) => existsSync(name))
    .at(-1);
  if (copy === undefined)
    return 'To stay with this version, put a backup of that file from before the upgrade in its place.';
  return `To stay with this version, stop soar-feed and put ${copy} in its place, which the upgrade left; what was parked since is lost, so reload then.`;
}
