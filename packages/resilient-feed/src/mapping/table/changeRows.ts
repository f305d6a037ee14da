import { isIncident, surroundings } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { MappingState } from '../Mapping.js';
import type { MappingFlags } from '../MappingFlags.js';
import { NOW, ROLE } from './linkRows.js';
import { ofIncident, ofObject } from './readRows.js';
import { flagText, toMapping } from './SyncRow.js';
import type { SyncRow, SyncTimes } from './SyncRow.js';
import { SYNC } from './steps.js';
import { KEY_COLUMNS } from './syncKey.js';
import type { SyncQuery, SyncTable } from './SyncTable.js';
import { typeNames } from './typeNames.js';

/** Sets the state of an object and of all below it. */
export async function markRows(
  trx: Knex,
  table: SyncTable,
  source: ObjectKey,
  state: MappingState,
  flags: MappingFlags,
): Promise<void> {
  const row = { status: state, soar_feed_flags: flagText(flags) };
  const times = touched(trx, table);
  const below = await rowsBelow(trx, table, source);
  const own = await ofObject(trx, table, source).update({ ...row, ...times });
  if (own === 0)
    await putRow(trx, table, { ...rowKeyOf(source, table), ...row, soar_feed_verified: surroundings().now() });
  await below?.()
    .andWhere({ status: 'active' })
    .update({ status: state, ...times, soar_feed_flags: null });
}

/** A bypassed incident and all below it, active again. */
export async function reviveRows(trx: Knex, table: SyncTable, incident: ObjectKey): Promise<void> {
  const active = { status: 'active', ...touched(trx, table) } as const;
  await ofIncident(trx, table, incident).andWhere({ status: 'bypassed' }).update(active);
  await setFlags(trx, table, incident, { resyncDue: true });
}

export async function setFlags(trx: Knex, table: SyncTable, source: ObjectKey, flags: MappingFlags): Promise<void> {
  await ofObject(trx, table, source).update({ soar_feed_flags: flagText(flags), ...touched(trx, table) });
}

/** Deletes the row of an object and all below it. */
export async function dropRow(trx: Knex, table: SyncTable, source: ObjectKey): Promise<void> {
  const below = await rowsBelow(trx, table, source);
  await below?.().delete();
  await ofObject(trx, table, source).delete();
}

/** Leaves one `filtered` row of the whole incident. */
export async function unmatchRows(trx: Knex, table: SyncTable, incident: ObjectKey): Promise<void> {
  await ofIncident(trx, table, incident).delete();
  const row = { ...rowKeyOf(incident, table), status: 'filtered', soar_feed_verified: surroundings().now() };
  await putRow(trx, table, row);
}

/**
 * What hangs below an incident or a task. IBM's rows do not name their task, so they are not found below one. Returns a
 * function, because awaiting a query builder would run its query.
 */
async function rowsBelow(trx: Knex, table: SyncTable, source: ObjectKey): Promise<(() => SyncQuery) | undefined> {
  if (isIncident(source)) return () => ofIncident(trx, table, source).whereNot({ type_name: 'incident' });
  if (source.type !== 'task') return undefined;
  const [row] = await ofObject(trx, table, source);
  const taskId = row === undefined ? undefined : toMapping(row).target?.objectId;
  return taskId === undefined ? undefined : () => ofIncident(trx, table, source).andWhere({ soar_feed_task: taskId });
}

function rowKeyOf(source: ObjectKey, { org2 }: SyncTable): Partial<SyncRow> {
  const [name] = typeNames(source.type, false);
  return { type_name: name, org1: source.orgId, org1_inc_id: source.incidentId, org1_type_id: source.objectId, org2 };
}

/** Makes the row, or changes these columns of it. */
async function putRow(trx: Knex, table: SyncTable, row: Partial<SyncRow>): Promise<void> {
  const now = trx.raw(NOW[table.dialect]);
  const columns = Object.keys(row).filter((name) => !KEY_COLUMNS.some((key) => key === name));
  await trx(SYNC)
    .insert({ ...row, last_sync: now, soar_feed_synced: now, ...(table.hasRole ? ROLE : {}) })
    .onConflict([...KEY_COLUMNS])
    .merge([...columns, 'last_sync', 'soar_feed_synced']);
}

/** Times for a change of rows that must not say whether IBM's feed wrote to them. */
function touched(trx: Knex, table: SyncTable): Readonly<Record<keyof SyncTimes, Knex.Raw>> {
  const now = trx.raw(NOW[table.dialect]);
  return {
    last_sync: now,
    soar_feed_synced: trx.raw('CASE WHEN soar_feed_synced = last_sync THEN ? END', [now]),
  };
}
