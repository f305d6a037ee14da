import { join } from 'node:path';
import { ROWS_FILE } from '../world/siteConfig.js';
import { SqliteFile } from '../world/SqliteFile.js';
import type { World } from '../world/World.js';
import type { Finding } from './Finding.js';
import { judgeShown } from './judgeShown.js';
import type { ShownObject } from './judgeShown.js';
import { livingObjects } from './livingObjects.js';

/** Judges the database of an SQL feed: one row for each object, in the table of its type. */
export async function judgeRows(world: World): Promise<readonly Finding[]> {
  const file = await SqliteFile.open(join(world.folder, ROWS_FILE), 'read');
  try {
    const shown = new Map<string, ShownObject>();
    for (const table of await tablesOf(file)) {
      for (const row of await file.all<ShownObject['holds']>(`SELECT * FROM "${table}"`)) {
        const key = `${table} ${String(row['id'])} of ${String(row['inc_id'])}`;
        shown.set(key, { name: `row ${key}`, holds: row });
      }
    }
    const faults = judgeShown(
      livingObjects(world),
      shown,
      ({ incidentId, type, objectId }) => `${type} ${objectId} of ${incidentId}`,
    );
    return faults.map((text): Finding => ({ check: 'rows', text }));
  } finally {
    await file.close();
  }
}

/** The tables of object types; the feed's own begin with `soar_feed_`. */
async function tablesOf(file: SqliteFile): Promise<readonly string[]> {
  const tables = await file.all<{ readonly name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'soar_feed_%' AND name NOT LIKE 'sqlite_%'`,
  );
  return tables.map(({ name }) => name);
}
