import { keyText, surroundings } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { rowsStatement, rowsText } from '@soar-feed/store';
import type { Statements } from '@soar-feed/store';
import type { Knex } from 'knex';
import type { Intent } from '../Intent.js';
import { INTENTS, INTENT_COLUMNS, intentValues } from './IntentRow.js';
import type { Link } from '../Creates.js';
import { linkStatement, linkValues } from './linkRows.js';
import { SYNC } from './steps.js';
import { KEY_COLUMNS, KEY_TYPES } from './syncKey.js';
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

const KEY = KEY_COLUMNS.join(', ');

const BEGIN = rowsStatement(INTENTS, INTENT_COLUMNS, (rows) => {
  const given = Object.keys(INTENT_COLUMNS);
  const changed = given.slice(KEY_COLUMNS.length).map((name) => `${name} = excluded.${name}`);
  return `INSERT INTO ?? (${given.join(', ')}) ${rows} ON CONFLICT (${KEY}) DO UPDATE SET ${changed.join(', ')}`;
});

const END = rowsStatement(INTENTS, KEY_TYPES, (rows) => `DELETE FROM ?? WHERE (${KEY}) IN (${rows})`);

/** Applies any number of writes with one statement per kind. */
export async function applyWrites(
  trx: Knex,
  statements: Statements,
  table: SyncTable,
  writes: readonly MappingWrite[],
): Promise<void> {
  const { begins, links, ends } = lastOfEach(writes);
  if (begins.length > 0)
    await statements.run(BEGIN, rowsText(begins.map((intent) => intentValues(intent, table.org2))));
  await dropOldNames(trx, table, links);
  if (links.length > 0) {
    const rows = await Promise.all(links.map((link) => rowOf(trx, table, link)));
    await statements.run(linkStatement(table), rowsText(rows.map(linkValues)));
  }
  if (ends.length > 0) {
    const keys = ends.map((key) => [key.orgId, key.incidentId, key.type, key.objectId, table.org2]);
    await statements.run(END, rowsText(keys));
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
    soar_feed_verified: surroundings().now(),
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
