import type { FeedEvent } from '../contract/FeedEvent.js';
import type { LastApplied } from '../contract/FeedStore.js';
import { compareStamps, isVersion, stampOf } from './freshness.js';

/** How far a search index may lag behind the database; a snapshot read within it proves nothing about types without a version. */
export const INDEX_LAG_MS = 10 * 60_000;

/**
 * `reread`: the order is not known. `contradicts`: an older version, or an object that was deleted. It is late, or the
 * source was restored from a backup; the source's database tells, and what it says wins.
 */
export type Freshness = 'apply' | 'reread' | 'contradicts';

/**
 * May this snapshot be applied after what was applied last? Where stamps compare, they decide. Where they do not
 * (types without a version, or a snapshot that was read while the queue brought a change), the object is to be read
 * again: never guess, never skip.
 */
export function judgeFreshness(event: FeedEvent, last: LastApplied | undefined, requestedAtMs?: number): Freshness {
  if (last === undefined) return 'apply';
  if (event.operation === 'delete') return 'apply';
  // Object ids are never used again: whatever still speaks of a deleted object is older than its delete, or it is back.
  if (last.deleted) return 'contradicts';
  if (last.stamp === undefined) return 'apply';
  const stamp = stampOf(event);
  const order = compareStamps(stamp, last.stamp);
  if (stamp.kind === 'read') {
    // A change that the queue brought may be newer than this snapshot.
    const readAtMs = requestedAtMs ?? stamp.value;
    if (last.stamp.kind === 'broker') return last.stamp.value >= readAtMs - INDEX_LAG_MS ? 'reread' : 'apply';
    // The search index may show what was before the read that was applied last.
    return order !== undefined && order < 0 ? 'reread' : 'apply';
  }
  // A broker's time goes back with the clock of its server, too.
  if (order !== undefined && order < 0) return isVersion(stamp) ? 'contradicts' : 'reread';
  if (order !== undefined) return 'apply';
  // A message from before the read that was applied last, by two clocks: which is newer cannot be told.
  return last.stamp.kind === 'read' && stamp.value < last.stamp.value ? 'reread' : 'apply';
}
