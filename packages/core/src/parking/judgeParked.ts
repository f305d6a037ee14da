import type { FeedEvent } from '../contract/FeedEvent.js';
import type { Snapshot } from '../lanes/freshness.js';
import { compareParked, snapshotOf } from '../lanes/freshness.js';

/** The facts about an existing row that decide what happens to it when another event of its object is parked. */
export interface StandingRow {
  readonly eventId: string | undefined;
  readonly revision: number;
  /** It has no snapshot: the object is read at its turn. */
  readonly isUnread: boolean;
  readonly snapshot: Snapshot;
}

/**
 * What parking an event does to the row of its object. `held`: the revision of the row that the event came from.
 *
 * - `replaces`, `doubtful`: as `compareParked`.
 * - `replaces-unread`: it replaces everything but the snapshot. A row whose object will be read stays so until that was done:
 *   a repeated message, or one from before a restore, must not end the doubt.
 * - `outdated`: the row changed or ended while the event was under way. The row is newer, and comes back by itself.
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
