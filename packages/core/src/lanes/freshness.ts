import type { FeedEvent } from '../contract/FeedEvent.js';
import type { Stamp } from '../contract/FeedStore.js';
import { isDataTable } from '../contract/TypeSchema.js';

/** The part of a snapshot that says how new it is. */
export interface Snapshot {
  readonly operation: FeedEvent['operation'];
  readonly stamp: Stamp;
  /** When it was sent, or its reading requested; ms, source clock. */
  readonly observedAtMs: number;
}

/**
 * How new an event's snapshot is: by the object's own version or date where its type has one (platform facts:
 * incidents `vers`, rows `version`, notes `modify_date`, artifacts `last_modified_time`), else by when it was seen.
 */
export function stampOf(event: FeedEvent): Stamp {
  const own = ownStamp(event);
  if (own !== undefined) return own;
  return { kind: event.origin === 'queue' ? 'broker' : 'read', value: event.observedAtMs };
}

/** -1: `a` is older than `b`; 0: equally new; 1: newer; `undefined`: they cannot be compared. */
export function compareStamps(a: Stamp, b: Stamp): -1 | 0 | 1 | undefined {
  if (a.kind !== b.kind) return undefined;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

export function snapshotOf(event: FeedEvent): Snapshot {
  return { operation: event.operation, stamp: stampOf(event), observedAtMs: event.observedAtMs };
}

/**
 * What another snapshot does to the parked one of the same object. Stamps of one kind decide; a delete always comes after
 * what it deletes. `doubtful`: the version or the source's time goes back, what was observed earlier has the later date, both changed
 * in the same millisecond, a deleted object appears again, or the stamps are of different kinds. The snapshot is late, or the source was
 * restored from a backup, or its clock was set back: only the source can decide, so the object is read.
 */
export function compareParked(next: Snapshot, standing: Snapshot): 'replaces' | 'doubtful' {
  if (next.operation !== standing.operation) return next.operation === 'delete' ? 'replaces' : 'doubtful';
  const order = compareStamps(next.stamp, standing.stamp);
  if (order === undefined) return next.operation === 'delete' ? 'replaces' : 'doubtful';
  const isAhead = order === 1 && isDate(next.stamp) && next.observedAtMs < standing.observedAtMs;
  // Changes of one millisecond may be parked in any order. A number counts each change.
  const isCounted = isVersion(next.stamp) && !isDate(next.stamp);
  const isTie = order === 0 && !isCounted && next.operation === 'upsert' && next.observedAtMs <= standing.observedAtMs;
  return order >= 0 && !isAhead && !isTie ? 'replaces' : 'doubtful';
}

/** A date of the object, which goes back when the source's clock is set back. */
export function isDate({ kind }: Stamp): boolean {
  return kind === 'modify_date' || kind === 'last_modified_time';
}

/** The source keeps it with the object, so it goes back when the database is restored from a backup. */
export function isVersion({ kind }: Stamp): boolean {
  return kind !== 'broker' && kind !== 'read';
}

function ownStamp({ key, payload, schema }: FeedEvent): Stamp | undefined {
  if (isDataTable(schema)) return numbered('version', payload['version']);
  switch (key.type) {
    case 'incident':
      return numbered('vers', payload['vers']);
    case 'note':
      return numbered('modify_date', payload['modify_date']);
    case 'artifact':
      return numbered('last_modified_time', payload['last_modified_time']);
    default:
      return undefined;
  }
}

function numbered(kind: Stamp['kind'], value: unknown): Stamp | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? { kind, value } : undefined;
}
