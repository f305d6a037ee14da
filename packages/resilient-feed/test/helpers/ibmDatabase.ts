import { openDatabase } from '@soar-feed/store';

export type IbmVersion = 'v1' | 'v2';

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
    `CREATE TABLE data_feeder_registry (source_org text not null, source_host text not null,
       destination_org text not null, destination_host text not null, last_restart_ts timestamp,
       PRIMARY KEY (source_org, source_host, destination_org, destination_host))`,
  ],
} as const;

/** A mapping file as IBM's feed makes and uses it: its tables, its statements. Orgs 201 → 202. */
export async function ibmDatabase(file: string, version?: IbmVersion) {
  const { knex, close } = await openDatabase({ client: 'sqlite', file });
  for (const statement of version === undefined ? [] : TABLES[version]) await knex.raw(statement);
  const all = async (
    sql: string,
    bindings: readonly (string | number | null)[] = [],
  ): Promise<Record<string, unknown>[]> => knex.raw(sql, [...bindings]);
  return {
    all,
    run: all,
    close,
    /** v1 replaces the row, v2 updates its state only. */
    sync: (
      type: string,
      incidentId: number,
      objectId: number,
      targetIncidentId: number | null,
      targetId: number | null,
      status = 'active',
    ) =>
      version === 'v2'
        ? all(
            `INSERT INTO data_feeder_sync (org1, org1_inc_id, type_name, org1_type_id, org2, org2_inc_id, org2_type_id, last_sync, status, sync_role_source)
             VALUES (201, ?, ?, ?, 202, ?, ?, datetime('now'), ?, 'TRUE')
             ON CONFLICT (org1, org1_inc_id, type_name, org1_type_id, org2) DO UPDATE SET last_sync = datetime('now'), status = ?`,
            [incidentId, type, objectId, targetIncidentId, targetId, status, status],
          )
        : all(
            `INSERT OR REPLACE INTO data_feeder_sync (org1, org1_inc_id, type_name, org1_type_id, org2, org2_inc_id, org2_type_id, last_sync, status)
             VALUES (201, ?, ?, ?, 202, ?, ?, datetime('now'), ?)`,
            [incidentId, type, objectId, targetIncidentId, targetId, status],
          ),
    find: async (type: string, incidentId: number, objectId: number) =>
      (
        await all(
          `SELECT type_name, org1, org1_inc_id, org1_type_id, org2, org2_inc_id, org2_type_id, last_sync, status${version === 'v2' ? ', sync_role_source' : ''}
           FROM data_feeder_sync WHERE org1 = 201 AND org1_inc_id = ? AND type_name = ? AND org1_type_id = ? AND org2 = 202`,
          [incidentId, type, objectId],
        )
      )[0],
  };
}
