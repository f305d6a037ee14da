import type { FeedEvent } from '../contract/FeedEvent.js';
import type { Snapshot } from '../lanes/freshness.js';
import { compareParked, snapshotOf } from '../lanes/freshness.js';

/** What of a standing row decides what becomes of it when another event of its object is parked. */
export interface StandingRow {
  readonly eventId: string | undefined;
  readonly revision: number;
  /** It holds no snapshot: its object is read at its turn. */
  readonly isUnread: boolean;
  readonly snapshot: Snapshot;
}

/**
 * What parking an event does to the row of its object. `held`: the revision of the row that the event came from.
 *
 * - `replaces`, `doubtful`: as `compareParked`.
 * - `replaces-unread`: it replaces all but the snapshot. A row whose object is to be read stays so until it was read for
 *   that row: a message that comes twice, or one from before a restore, must not end the doubt.
 * - `outdated`: the row changed or ended while the event was on its way. What stands there is the newer word, and comes
 *   back itself.
 */
export function judgeParked(
  event: FeedEvent,
  held: number | undefined,
  standing: StandingRow | undefined,
): 'replaces' | 'replaces-unread' | 'doubtful' | 'outdated' {
  if (held !== undefined) return standing?.revision === held ? 'replaces' : 'outdated';
  if (standing === undefined) return 'replaces';
  const verdict = standing.eventId === event.id ? 'replaces' : compareParked(snapshotOf(event), standing.snapshot);
  const isRead = standing.isUnread && standing.snapshot.operation === 'upsert' && event.operation === 'upsert';
  return verdict === 'replaces' && isRead ? 'replaces-unread' : verdict;
}
