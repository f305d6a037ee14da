import { keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { statementOn } from '@soar-feed/store';
import type { Statements } from '@soar-feed/store';
import type { Knex } from 'knex';
import { typesBeside } from '../../fields/emailTypes.js';
import type { Mapping } from '../Mapping.js';
import { SYNC } from './steps.js';
import { toMapping } from './SyncRow.js';
import type { SyncRow, SyncTimes } from './SyncRow.js';
import type { SyncQuery, SyncTable } from './SyncTable.js';
import { typeNames } from './typeNames.js';

/** Rows of the incident that `key` belongs to. */
export function ofIncident(knex: Knex, { org2 }: SyncTable, key: ObjectKey): SyncQuery {
  return knex(SYNC).where({ org1: key.orgId, org1_inc_id: key.incidentId, org2 });
}

/** The row of one object, under either of IBM's names for its type. */
export function ofObject(knex: Knex, table: SyncTable, key: ObjectKey): SyncQuery {
  return ofIncident(knex, table, key)
    .whereIn('type_name', typeNames(key.type, true))
    .andWhere({ org1_type_id: key.objectId });
}

const OF_INCIDENT = statementOn(SYNC, 'SELECT * FROM ?? WHERE org1 = ? AND org1_inc_id = ? AND org2 = ?');

/** Every row of one incident, by `keyText`. */
export async function mappingsOf(
  statements: Statements,
  { org2 }: SyncTable,
  { orgId, incidentId }: ObjectKey,
): Promise<Map<string, Mapping>> {
  const rows = [...(await statements.all<SyncRow & SyncTimes>(OF_INCIDENT, orgId, incidentId, org2))];
  // If a note has rows under both names, the task's own name is the newer row (v1 looked there but never wrote it).
  const mappings = rows.sort((a, b) => rank(a) - rank(b)).map(toMapping);
  return new Map(mappings.map((mapping) => [keyText(mapping.source), mapping]));
}

/** Rows of what is of that type in one incident of the target, of any source organization. */
export async function mappingsIn(
  knex: Knex,
  { org2 }: SyncTable,
  targetIncidentId: number,
  type: string,
): Promise<readonly Mapping[]> {
  const rows = await knex<SyncRow & SyncTimes>(SYNC)
    .where({ org2, org2_inc_id: targetIncidentId })
    // A bypassed object stays in the target for good: nobody else may take it.
    .whereIn('status', ['active', 'bypassed'])
    .whereIn(
      'type_name',
      typesBeside(type).flatMap((one) => typeNames(one, false)),
    );
  return rows.map(toMapping);
}

/** Highest id of a target incident for this source; 0: none. */
export async function newestTarget(knex: Knex, { org2 }: SyncTable, sourceOrgId: number): Promise<number> {
  const rows: readonly { readonly newest: number | string | null }[] = await knex(SYNC)
    .where({ org1: sourceOrgId, org2 })
    .max({ newest: 'org2_inc_id' });
  return Number(rows[0]?.newest ?? 0);
}

function rank(row: SyncRow): number {
  return row.type_name.startsWith('task') ? 1 : 0;
}
