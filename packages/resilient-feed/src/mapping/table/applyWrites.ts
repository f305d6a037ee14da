import { keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { Intent } from '../Intent.js';
import { INTENTS, fromIntent } from './IntentRow.js';
import type { Link } from '../Creates.js';
import { SYNC } from './steps.js';
import { flagText, toMapping } from './SyncRow.js';
import type { SyncRow, SyncTimes } from './SyncRow.js';
import type { SyncTable } from './SyncTable.js';
import { typeNames } from './typeNames.js';

export interface Linked {
  readonly source: ObjectKey;
  readonly link: Link;
}

/** One write: the begin of a create, its end, a link, or those that belong into one commit. */
export interface MappingWrite {
  readonly begin?: Intent | undefined;
  readonly link?: Linked | undefined;
  /** The object whose create has ended. */
  readonly end?: ObjectKey | undefined;
}

const KEY_COLUMNS = ['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2'] as const;

/** Applies any number of writes with one statement per kind: the cost of a statement hardly depends on its rows. */
export async function applyWrites(trx: Knex, table: SyncTable, writes: readonly MappingWrite[]): Promise<void> {
  const { begins, links, ends } = lastOfEach(writes);
  if (begins.length > 0) {
    const rows = begins.map((intent) => fromIntent(intent, table.org2));
    await trx(INTENTS)
      .insert(rows)
      .onConflict([...KEY_COLUMNS])
      .merge();
  }
  await dropOldNames(trx, table, links);
  if (links.length > 0) await putRows(trx, table, await Promise.all(links.map((link) => rowOf(trx, table, link))));
  if (ends.length > 0) {
    const keys = ends.map((key) => [key.orgId, key.incidentId, key.type, key.objectId, table.org2]);
    await trx(INTENTS)
      .whereIn([...KEY_COLUMNS], keys)
      .delete();
  }
}

/** PostgreSQL takes each row once per statement. Of several writes of one object the last one counts. */
function lastOfEach(writes: readonly MappingWrite[]) {
  const intents = new Map<string, Intent | ObjectKey>();
  const links = new Map<string, Linked>();
  for (const { begin, link, end } of writes) {
    if (link !== undefined) links.set(keyText(link.source), link);
    if (end !== undefined) intents.set(keyText(end), end);
    if (begin !== undefined) intents.set(keyText(begin.source), begin);
  }
  const last = [...intents.values()];
  return {
    begins: last.filter((one): one is Intent => 'naturalKey' in one),
    ends: last.filter((one): one is ObjectKey => !('naturalKey' in one)),
    links: [...links.values()],
  };
}

/** Makes or replaces rows; all of them must have the same columns. */
export async function putRows(trx: Knex, table: SyncTable, rows: readonly Partial<SyncRow>[]): Promise<void> {
  const now = nowOf(trx, table);
  // IBM's v2 writes it so: this side is the source. A row with another value keeps it.
  const role = table.hasRole ? { sync_role_source: 'TRUE' } : {};
  const columns = Object.keys(rows[0] ?? {}).filter((name) => !KEY_COLUMNS.some((key) => key === name));
  await trx(SYNC)
    .insert(rows.map((row) => ({ ...row, last_sync: now, soar_feed_synced: now, ...role })))
    .onConflict([...KEY_COLUMNS])
    .merge([...columns, 'last_sync', 'soar_feed_synced']);
}

/** Times for a change of rows that must not say whether IBM's feed wrote to them. */
export function touched(trx: Knex, table: SyncTable): Readonly<Record<keyof SyncTimes, Knex.Raw>> {
  const now = nowOf(trx, table);
  return {
    last_sync: now,
    soar_feed_synced: trx.raw('CASE WHEN soar_feed_synced = last_sync THEN ? END', [now]),
  };
}

/** The current time as IBM's feed writes it: UTC text on SQLite. */
function nowOf(knex: Knex, { dialect }: SyncTable): Knex.Raw {
  return dialect === 'sqlite' ? knex.raw("datetime('now')") : knex.raw('NOW()');
}

/** Deletes rows under IBM's other name for the type, so that the object has one row. */
async function dropOldNames(trx: Knex, { org2 }: SyncTable, links: readonly Linked[]): Promise<void> {
  const keys = links
    .filter(({ link }) => link.replacesIbmRow)
    .flatMap(({ source, link }) => {
      const [, ...others] = typeNames(source.type, link.target.taskId !== undefined);
      return others.map((name) => [source.orgId, source.incidentId, name, source.objectId, org2]);
    });
  if (keys.length > 0)
    await trx(SYNC)
      .whereIn([...KEY_COLUMNS], keys)
      .delete();
}

async function rowOf(trx: Knex, table: SyncTable, { source, link }: Linked): Promise<SyncRow> {
  const { target } = link;
  const [name] = typeNames(source.type, target.taskId !== undefined);
  const shared = table.uniqueTargets && (await isTaken(trx, table, name, source, link));
  const extra = [...(shared ? [target.objectId] : []), ...(target.extraIds ?? [])];
  return {
    type_name: name,
    org1: source.orgId,
    org1_inc_id: source.incidentId,
    org1_type_id: source.objectId,
    org2: table.org2,
    org2_inc_id: target.incidentId,
    org2_type_id: shared ? null : target.objectId,
    status: 'active',
    soar_feed_digests: JSON.stringify(link.digests),
    soar_feed_version: link.version ?? null,
    soar_feed_flags: flagText(link.flags ?? {}),
    soar_feed_task: target.taskId ?? null,
    soar_feed_extra: extra.length === 0 ? null : JSON.stringify(extra),
    soar_feed_verified: Date.now(),
  };
}

/** Whether another row has this target object: artifacts that the target merged would break IBM's v2 index. */
async function isTaken(
  trx: Knex,
  { org2 }: SyncTable,
  name: string,
  source: ObjectKey,
  { target }: Link,
): Promise<boolean> {
  const rows = await trx<SyncRow & SyncTimes>(SYNC).where({
    org2,
    org2_inc_id: target.incidentId,
    type_name: name,
    org2_type_id: target.objectId,
    org1: source.orgId,
  });
  return rows.some((row) => keyText(toMapping(row).source) !== keyText(source));
}
