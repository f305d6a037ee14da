import { openDatabase } from '@soar-feed/store';
import type { DatabaseConfig } from '@soar-feed/store';

export type IbmVersion = 'v1' | 'v2';

/** What IBM's feed creates; the same words on SQLite and PostgreSQL. */
const TABLES = {
  v1: [
    `CREATE TABLE data_feeder_sync (type_name text not null, org1 int not null, org1_inc_id int not null,
       org1_type_id int not null, org2 int not null, org2_inc_id int, org2_type_id int, last_sync timestamp,
       status text not null, PRIMARY KEY (org1, org1_inc_id, type_name, org1_type_id, org2))`,
    `CREATE TABLE data_feeder_retry (type_name text not null, org1 int not null, org1_inc_id int not null,
       org1_type_id int not null, org1_dep_type_name text not null, org1_dep_type_id int, org2 int, org2_inc_id int,
       payload text, last_attempt timestamp, retry_count int,
       PRIMARY KEY (org1, org1_inc_id, org2, type_name, org1_dep_type_name, org1_dep_type_id))`,
  ],
  v2: [
    `CREATE TABLE data_feeder_sync (type_name text not null, org1 int not null, org1_inc_id int not null,
       org1_type_id int not null, org2 int not null, org2_inc_id int, org2_type_id int, last_sync timestamp,
       status text not null, sync_role_source bool, PRIMARY KEY (org1, org1_inc_id, type_name, org1_type_id, org2))`,
    `CREATE UNIQUE INDEX org2_index ON data_feeder_sync (org2, org2_inc_id, type_name, org2_type_id, org1)`,
    `CREATE TABLE data_feeder_retry (type_name text not null, org1 int not null, org1_inc_id int not null,
       org1_type_id int not null, org1_dep_type_name text not null, org1_dep_type_id int, org2 int, org2_inc_id int,
       payload text, last_attempt timestamp, retry_count int,
       PRIMARY KEY (org1, org1_inc_id, org1_type_id, org2, type_name, org1_dep_type_name, org1_dep_type_id))`,
    `CREATE TABLE data_feeder_registry (source_org text not null, source_host text not null,
       destination_org text not null, destination_host text not null, last_restart_ts timestamp,
       PRIMARY KEY (source_org, source_host, destination_org, destination_host))`,
  ],
} as const;

type Row = Readonly<Record<string, unknown>>;

/** A mapping as IBM's feed makes and uses it: its tables, its statements. Orgs 201 → 202. */
export async function ibmDatabase(config: DatabaseConfig, version?: IbmVersion) {
  const { knex, close, dialect } = await openDatabase(config);
  const now = dialect === 'sqlite' ? "datetime('now')" : 'NOW()';
  const all = async (sql: string, bindings: readonly (string | number | null)[] = []): Promise<readonly Row[]> => {
    const answer: readonly Row[] | { readonly rows: readonly Row[] } = await knex.raw(sql, [...bindings]);
    return 'rows' in answer ? answer.rows : answer;
  };
  for (const statement of version === undefined ? [] : TABLES[version]) await all(statement);
  const role = version === 'v2' ? { column: ', sync_role_source', value: ", 'TRUE'" } : { column: '', value: '' };
  // v1 replaces the row: SQLite has a statement of its own for that. v2 only updates its state.
  const verb = version !== 'v2' && dialect === 'sqlite' ? 'INSERT OR REPLACE' : 'INSERT';
  const onConflict =
    verb === 'INSERT'
      ? `ON CONFLICT (org1, org1_inc_id, type_name, org1_type_id, org2) DO UPDATE SET last_sync = ${now}, status = EXCLUDED.status${
          version === 'v2' ? '' : ', org2_inc_id = EXCLUDED.org2_inc_id, org2_type_id = EXCLUDED.org2_type_id'
        }`
      : '';
  return {
    all,
    run: all,
    close,
    sync: (
      type: string,
      incidentId: number,
      objectId: number,
      targetIncidentId: number | null,
      targetId: number | null,
      status = 'active',
    ) =>
      all(
        `${verb} INTO data_feeder_sync (org1, org1_inc_id, type_name, org1_type_id, org2, org2_inc_id, org2_type_id, last_sync, status${role.column})
         VALUES (201, ?, ?, ?, 202, ?, ?, ${now}, ?${role.value}) ${onConflict}`,
        [incidentId, type, objectId, targetIncidentId, targetId, status],
      ),
    find: async (type: string, incidentId: number, objectId: number): Promise<Row | undefined> =>
      (
        await all(
          `SELECT type_name, org1, org1_inc_id, org1_type_id, org2, org2_inc_id, org2_type_id, last_sync, status${role.column}
           FROM data_feeder_sync WHERE org1 = 201 AND org1_inc_id = ? AND type_name = ? AND org1_type_id = ? AND org2 = 202`,
          [incidentId, type, objectId],
        )
      )[0],
    /** What could not be written because `parentType` `parentId` was not there yet, or because it failed. */
    retry: (incidentId: number, parentType: string, parentId: number, type: string, objectId: number, org2 = 202) =>
      all(
        `INSERT INTO data_feeder_retry (type_name, org1, org1_inc_id, org1_type_id, org1_dep_type_name, org1_dep_type_id, org2, org2_inc_id, payload, last_attempt, retry_count)
         VALUES (?, 201, ?, ?, ?, ?, ?, NULL, ?, ${now}, 5)`,
        [parentType, incidentId, parentId, type, objectId, org2, JSON.stringify({ id: objectId, name: 'stale' })],
      ),
    retries: () => all('SELECT * FROM data_feeder_retry ORDER BY org1_inc_id, org1_dep_type_id'),
    /** Columns in order, with their types. */
    columns: () =>
      dialect === 'sqlite'
        ? all('PRAGMA table_info(data_feeder_sync)')
        : all(
            "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = 'data_feeder_sync' AND table_schema = current_schema() ORDER BY ordinal_position",
          ),
  };
}
