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

/** Of a reading, by the source's clock as it is known. */
export interface ReadingTime {
  /** When the reading was asked for, where the event does not say; ms, source clock. */
  readonly requestedAtMs?: number | undefined;
  /** By how much a reading's time may be wrong beside a message's, ms. Default 0. */
  readonly doubtMs?: number;
}

/**
 * May this snapshot be applied after what was applied last? Where stamps compare, they decide. Where they do not
 * (types without a version, or a snapshot that was read while the queue brought a change), the object is to be read
 * again: never guess, never skip.
 */
export function judgeFreshness(
  event: FeedEvent,
  last: LastApplied | undefined,
  { requestedAtMs, doubtMs = 0 }: ReadingTime = {},
): Freshness {
  if (last === undefined) return 'apply';
  if (event.operation === 'delete') return 'apply';
  // Object ids are never used again: whatever still speaks of a deleted object is older than its delete, or it is back.
  if (last.deleted) return 'contradicts';
  if (last.stamp === undefined) return 'apply';
  const stamp = stampOf(event);
  const order = compareStamps(stamp, last.stamp);
  if (stamp.kind === 'read') {
    // A change that the queue brought may be newer than this snapshot.
    const readAtMs = (requestedAtMs ?? stamp.value) - doubtMs;
    if (last.stamp.kind === 'broker') return last.stamp.value >= readAtMs - INDEX_LAG_MS ? 'reread' : 'apply';
    // The search index may show what was before the read that was applied last, and clocks are measured anew meanwhile.
    const isSame = order === 0 || order === undefined;
    const apartMs = Number.isFinite(doubtMs) ? doubtMs : 0;
    return !isSame && stamp.value < last.stamp.value + apartMs ? 'reread' : 'apply';
  }
  // A broker's time goes back with the clock of its server, too.
  if (order !== undefined && order < 0) return isVersion(stamp) ? 'contradicts' : 'reread';
  if (order !== undefined) return 'apply';
  // A message from before the read that was applied last, or from about then: which is newer cannot be told.
  return last.stamp.kind === 'read' && stamp.value < last.stamp.value + doubtMs ? 'reread' : 'apply';
}
