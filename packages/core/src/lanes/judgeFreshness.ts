import type { FeedEvent } from '../contract/FeedEvent.js';
import type { LastApplied } from '../contract/FeedStore.js';
import { compareStamps, isVersion, stampOf } from './freshness.js';

/** How far a search index may lag behind the database; a snapshot read within it proves nothing about types without a version. */
export const INDEX_LAG_MS = 10 * 60_000;

/**
 * `reread`: the order is unknown. `contradicts`: an older version, or an object that was deleted. It is late, or the source
 * was restored from a backup; the source's database decides.
 */
export type Freshness = 'apply' | 'reread' | 'contradicts';

/** The time of a reading by the source's clock, as far as it is known. */
export interface ReadingTime {
  /** When the reading was requested, where the event does not say; ms, source clock. */
  readonly requestedAtMs?: number | undefined;
  /** How far a reading's time may be off, compared with a message's, ms. Default 0. */
  readonly doubtMs?: number;
}

/**
 * May this snapshot be applied after what was applied last? Comparable stamps decide. Where they cannot (types without a
 * version, or a snapshot that was read while the queue brought a change), the object is read again: never guess, never
 * skip.
 */
export function judgeFreshness(
  event: FeedEvent,
  last: LastApplied | undefined,
  { requestedAtMs, doubtMs = 0 }: ReadingTime = {},
): Freshness {
  if (last === undefined) return 'apply';
  if (event.operation === 'delete') return 'apply';
  // Object ids are not reused: a snapshot of a deleted object is older than its delete, or the object is back.
  if (last.deleted) return 'contradicts';
  if (last.stamp === undefined) return 'apply';
  const stamp = stampOf(event);
  const order = compareStamps(stamp, last.stamp);
  if (stamp.kind === 'read') {
    // A change that the queue brought may be newer than this snapshot.
    const readAtMs = (requestedAtMs ?? stamp.value) - doubtMs;
    if (last.stamp.kind === 'broker') return last.stamp.value >= readAtMs - INDEX_LAG_MS ? 'reread' : 'apply';
    // The search index may be older than the read that was applied last, and the clock may have been measured again since.
    const isSame = order === 0 || order === undefined;
    const apartMs = Number.isFinite(doubtMs) ? doubtMs : 0;
    return !isSame && stamp.value < last.stamp.value + apartMs ? 'reread' : 'apply';
  }
  // A broker's time goes back when its server's clock is set back.
  if (order !== undefined && order < 0) return isVersion(stamp) ? 'contradicts' : 'reread';
  if (order !== undefined) return 'apply';
  // A message from before, or about the time of, the read that was applied last: which is newer cannot be determined.
  return last.stamp.kind === 'read' && stamp.value < last.stamp.value + doubtMs ? 'reread' : 'apply';
}
