import type { FeedEvent } from '../contract/FeedEvent.js';
import type { Stamp } from '../contract/FeedStore.js';
import { isDataTable } from '../contract/TypeSchema.js';

/** What of a snapshot says how new it is. */
export interface Snapshot {
  readonly operation: FeedEvent['operation'];
  readonly observedAtMs: number;
  readonly stamp: Stamp;
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
  return { operation: event.operation, observedAtMs: event.observedAtMs, stamp: stampOf(event) };
}

/**
 * Whether `a` must not replace `b`, a parked snapshot of the same object. A delete is final, as object ids are never
 * used again; stamps decide where they compare, else the source's clock.
 */
export function isOlder(a: Snapshot, b: Snapshot): boolean {
  if (a.operation !== b.operation) return b.operation === 'delete';
  const order = compareStamps(a.stamp, b.stamp);
  return order === undefined ? a.observedAtMs < b.observedAtMs : order < 0;
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
