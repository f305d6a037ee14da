import type { RecordFilter } from '@soar-feed/core';
import type { Knex } from 'knex';
import { typesBeside, typesFrom } from '../../fields/emailTypes.js';
import type { Mapping } from '../Mapping.js';
import { SYNC } from './steps.js';
import { toMapping } from './SyncRow.js';
import type { SyncRow, SyncTimes } from './SyncRow.js';
import type { SyncQuery } from './SyncTable.js';
import { typeNames } from './typeNames.js';

/** A row for people, with the time when it was written last. */
export interface FoundRow {
  readonly mapping: Mapping;
  readonly writtenAtMs?: number;
}

/** Rows read at once. */
const PAGE = 1_000;
const KEY = ['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2'] as const;

/** Columns of ours, which a mapping of IBM's feed lacks until a host has opened it. */
const OURS = {
  ...{ soar_feed_digests: null, soar_feed_version: null, soar_feed_flags: null, soar_feed_task: null },
  ...{ soar_feed_extra: null, soar_feed_verified: null, soar_feed_synced: null },
};

/** The rows of a filter, of every source and target organization in the table, by ascending key. */
export async function* searchRows(
  knex: Knex,
  columns: ReadonlySet<string>,
  filter: RecordFilter,
): AsyncGenerator<FoundRow> {
  let after: readonly (string | number)[] | undefined;
  for (;;) {
    const query = filtered(knex, columns, filter)
      .orderBy([...KEY])
      .limit(PAGE);
    if (after !== undefined) void query.andWhereRaw(`(${KEY.join(', ')}) > (?, ?, ?, ?, ?)`, [...after]);
    const rows = await query;
    for (const row of rows) yield foundRow({ ...OURS, ...row });
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = KEY.map((column) => last[column]);
  }
}

function filtered(knex: Knex, columns: ReadonlySet<string>, filter: RecordFilter): SyncQuery {
  const { state, type, incidentId, objectId, ref, refIncident } = filter;
  const query = knex(SYNC).select() as SyncQuery;
  if (state !== undefined) void query.where({ status: state });
  if (type !== undefined) {
    // A type may be meant as the target's.
    const types = new Set([...typesFrom(type), ...(ref === undefined ? [] : typesBeside(type))]);
    void query.whereIn(
      'type_name',
      [...types].flatMap((one) => typeNames(one, false)),
    );
  }
  if (incidentId !== undefined) void query.where({ org1_inc_id: incidentId });
  if (objectId !== undefined) void query.where({ org1_type_id: objectId });
  if (refIncident !== undefined) void query.where({ org2_inc_id: idOf(refIncident) });
  if (ref === undefined) return query;
  const id = idOf(ref);
  return query.andWhere((either) => {
    void either.where({ org2_type_id: id });
    // A JSON list of ids.
    if (columns.has('soar_feed_extra'))
      for (const pattern of [`[${id}]`, `[${id},%`, `%,${id},%`, `%,${id}]`])
        void either.orWhere('soar_feed_extra', 'like', pattern);
  });
}

/** Objects of a SOAR organization have numbers for names: any other name finds nothing. */
function idOf(ref: string): number {
  return /^\d{1,15}$/.test(ref) ? Number(ref) : -1;
}

function foundRow(row: SyncRow & SyncTimes): FoundRow {
  const { last_sync: last } = row;
  // SQLite has UTC text without a zone.
  const ms = last instanceof Date ? last.getTime() : Date.parse(`${String(last).replace(' ', 'T')}Z`);
  return { mapping: toMapping(row), ...(Number.isNaN(ms) ? {} : { writtenAtMs: ms }) };
}
