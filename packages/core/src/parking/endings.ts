import type { ParkReason } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** What the log of outcomes says of rows that end without a delivery of their own; every store says the same. */
export const ENDINGS = {
  /** The row's event gave way to a newer snapshot of its object. */
  replaced: { outcome: 'superseded', reason: 'replaced by a newer snapshot' },
  /** Neither the event nor the row it found is known to be right: the row is read anew, for both. */
  doubtful: { outcome: 'superseded', reason: 'the object is read anew: another snapshot of it stands parked' },
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

/** Why a row stands from now on that is to be read anew: given up, it is tried again; a doubt stays a person's. */
export function whyInDoubt(why: ParkReason): ParkReason {
  return why.state === 'failed' ? { state: 'deferred' } : why;
}

/** One row or event by name: unique over feeds and objects. */
export function rowName(feed: string, key: ObjectKey): string {
  return JSON.stringify([feed, keyText(key)]);
}
