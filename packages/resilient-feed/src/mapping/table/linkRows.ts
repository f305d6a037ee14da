import { rowsStatement } from '@soar-feed/store';
import type { Columns, Statement, Value } from '@soar-feed/store';
import { SYNC } from './steps.js';
import { KEY_COLUMNS, KEY_TYPES } from './syncKey.js';
import type { SyncRow } from './SyncRow.js';
import type { SyncTable } from './SyncTable.js';

/** Ids are as wide as ours; IBM's own columns may be narrower. */
const COLUMNS: Readonly<Record<keyof SyncRow, Columns[string]>> = {
  ...KEY_TYPES,
  org2_inc_id: 'bigint',
  org2_type_id: 'bigint',
  status: 'text',
  soar_feed_digests: 'text',
  soar_feed_version: 'bigint',
  soar_feed_flags: 'text',
  soar_feed_task: 'bigint',
  soar_feed_extra: 'text',
  soar_feed_verified: 'bigint',
};

const NAMES = Object.keys(COLUMNS) as readonly (keyof SyncRow)[];

/** The current time as IBM's feed writes it: UTC text on SQLite. */
export const NOW = { sqlite: `datetime('now')`, postgres: 'NOW()' } as const;

/** IBM's v2 writes it so: this side is the source. A row with another value keeps it. */
export const ROLE = { sync_role_source: 'TRUE' } as const;

/** Writes whole rows, one for each object. */
export function linkStatement({ dialect, hasRole }: Pick<SyncTable, 'dialect' | 'hasRole'>): Statement {
  return STATEMENTS[dialect][hasRole ? 'withRole' : 'plain'];
}

export function linkValues(row: SyncRow): readonly Value[] {
  return NAMES.map((name) => row[name]);
}

function linking(dialect: SyncTable['dialect'], role: Readonly<Record<string, string>>): Statement {
  const now = NOW[dialect];
  const [roles, values] = [Object.keys(role), Object.values(role).map((value) => `'${value}'`)];
  const names = [...NAMES, 'last_sync', 'soar_feed_synced', ...roles];
  const changed = NAMES.slice(KEY_COLUMNS.length).map((name) => `${name} = excluded.${name}`);
  return rowsStatement(
    SYNC,
    COLUMNS,
    (rows) => `INSERT INTO ?? (${names.join(', ')})
      SELECT linked.*, ${[now, now, ...values].join(', ')} FROM (${rows}) AS linked WHERE true
      ON CONFLICT (${KEY_COLUMNS.join(', ')}) DO UPDATE SET ${changed.join(', ')}, last_sync = ${now}, soar_feed_synced = ${now}`,
  );
}

const STATEMENTS = {
  sqlite: { plain: linking('sqlite', {}), withRole: linking('sqlite', ROLE) },
  postgres: { plain: linking('postgres', {}), withRole: linking('postgres', ROLE) },
} as const;
