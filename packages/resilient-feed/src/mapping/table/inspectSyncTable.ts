import { UnusableDatabaseError } from '@soar-feed/store';
import type { Database } from '@soar-feed/store';
import { SYNC } from './steps.js';

export interface SyncTableShape {
  readonly columns: ReadonlySet<string>;
  /** IBM's v2 index that allows one row per target object. */
  readonly uniqueTargets: boolean;
}

const IBM_COLUMNS = [
  'type_name',
  'org1',
  'org1_inc_id',
  'org1_type_id',
  'org2',
  'org2_inc_id',
  'org2_type_id',
  'last_sync',
  'status',
];

/**
 * Finds out whether the table has IBM's v1 or v2 shape. Throws `StoreError` if a table of that name is not IBM's,
 * before anything is changed.
 */
export async function inspectSyncTable(database: Database): Promise<SyncTableShape> {
  const columns = new Set(Object.keys(await database.knex(SYNC).columnInfo()));
  const missing = columns.size === 0 ? [] : IBM_COLUMNS.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new UnusableDatabaseError(
      `Table ${SYNC} is not the mapping of a SOAR data feed: it has no column ${missing.join(', ')}. Name another file in sqlite_sync_file.`,
      { code: 'mapping-foreign' },
    );
  }
  return { columns, uniqueTargets: await hasUniqueTargets(database) };
}

async function hasUniqueTargets(database: Database): Promise<boolean> {
  const catalogue = database.dialect === 'sqlite' ? 'sqlite_master' : 'pg_indexes';
  const where =
    database.dialect === 'sqlite'
      ? { type: 'index', name: 'org2_index' }
      : { tablename: SYNC, indexname: 'org2_index' };
  const rows: unknown[] = await database.knex(catalogue).where(where);
  return rows.length > 0;
}
