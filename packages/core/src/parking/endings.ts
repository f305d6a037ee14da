import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** What the log of outcomes says of rows that end without a delivery of their own; every store says the same. */
export const ENDINGS = {
  /** The row's event gave way to a newer snapshot of its object. */
  replaced: { outcome: 'superseded', reason: 'replaced by a newer snapshot' },
  /** The event found a newer snapshot of its object parked. */
  late: { outcome: 'superseded', reason: 'a newer snapshot stands parked' },
  /** The row was taken away by its revision. */
  removed: { outcome: 'dropped', reason: 'removed' },
} as const;

/** The end of what stood parked below an object that was deleted. */
export function endedWith({ type, objectId }: Pick<ObjectKey, 'type' | 'objectId'>): {
  readonly outcome: 'skipped';
  readonly reason: string;
} {
  return { outcome: 'skipped', reason: `its ${type} ${objectId} was deleted` };
}

/** One row or event by name: unique over feeds and objects. */
export function rowName(feed: string, key: ObjectKey): string {
  return JSON.stringify([feed, keyText(key)]);
}
