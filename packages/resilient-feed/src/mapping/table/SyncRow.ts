import type { Digests } from '../Digests.js';
import type { Mapping, MappingState, TargetRef } from '../Mapping.js';
import type { MappingFlags } from '../MappingFlags.js';
import { typeOf } from './typeNames.js';

/**
 * A row of `data_feeder_sync`: IBM's columns, then ours. All of ours are nullable, so that IBM's statements still work.
 */
export interface SyncRow {
  readonly type_name: string;
  readonly org1: number;
  readonly org1_inc_id: number;
  readonly org1_type_id: number;
  readonly org2: number;
  readonly org2_inc_id: number | null;
  readonly org2_type_id: number | null;
  readonly status: string;
  readonly soar_feed_digests: string | null;
  readonly soar_feed_version: number | null;
  readonly soar_feed_flags: string | null;
  /** Task of the target, for a task's note or attachment. */
  readonly soar_feed_task: number | null;
  /** JSON list of further target ids. It holds all ids of a row whose first one would break IBM's unique index (v2). */
  readonly soar_feed_extra: string | null;
  /** When we linked or verified the row, ms; null on a row of IBM's feed. */
  readonly soar_feed_verified: number | null;
}

/** When the row was last written: text on SQLite, a `Date` on PostgreSQL. */
export interface SyncTimes {
  readonly last_sync: unknown;
  /** `last_sync` as we left it. */
  readonly soar_feed_synced: unknown;
}

export function toMapping(row: SyncRow & SyncTimes): Mapping {
  const target = targetOf(row);
  return {
    source: {
      orgId: Number(row.org1),
      incidentId: Number(row.org1_inc_id),
      type: typeOf(row.type_name),
      objectId: Number(row.org1_type_id),
    },
    state: row.status as MappingState,
    ...(target === undefined ? {} : { target }),
    digests: parse<Digests>(row.soar_feed_digests, {}),
    ...(row.soar_feed_version === null ? {} : { version: Number(row.soar_feed_version) }),
    flags: parse<MappingFlags>(row.soar_feed_flags, {}),
    verified: row.soar_feed_verified !== null && isAsWeLeftIt(row),
  };
}

export function flagText(flags: MappingFlags): string | null {
  return Object.keys(flags).length === 0 ? null : JSON.stringify(flags);
}

/** IBM's feed may have run for a while and written something else to the object. */
function isAsWeLeftIt({ last_sync: last, soar_feed_synced: ours }: SyncTimes): boolean {
  return last === ours || JSON.stringify(last) === JSON.stringify(ours);
}

/** IBM's filtered rows hold NULL or 0, which are not ids. */
function targetOf(row: SyncRow): TargetRef | undefined {
  const extra = parse<readonly number[]>(row.soar_feed_extra, []);
  const own = Number(row.org2_type_id ?? 0);
  const [objectId, ...extraIds] = own > 0 ? [own, ...extra] : extra;
  const incidentId = Number(row.org2_inc_id ?? 0);
  if (objectId === undefined || incidentId <= 0) return undefined;
  return {
    incidentId,
    objectId,
    ...(row.soar_feed_task === null ? {} : { taskId: Number(row.soar_feed_task) }),
    ...(extraIds.length === 0 ? {} : { extraIds }),
  };
}

function parse<T>(text: string | null, otherwise: T): T {
  return text === null ? otherwise : (JSON.parse(text) as T);
}
