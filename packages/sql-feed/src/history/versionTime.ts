import { ownValue } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';

/** When the object was last changed, by its own word (platform facts: `IncidentDTO`, `CommentDTO`, `ArtifactDTO`). */
const OWN_DATES: Readonly<Record<string, string>> = {
  incident: 'inc_last_modified_date',
  note: 'modify_date',
  artifact: 'last_modified_time',
  attachment: 'created',
};

/** The version before. */
interface Before {
  readonly from: number;
  readonly to: number | null;
  readonly seen: number;
}

/**
 * From when on the object was as the event shows it, ms since the epoch: its own date of change where it has one that is
 * after the version before it began, else when the source saw it (`observedAtMs`); never before that version began or was
 * ended. An object from a backup counts from when it was seen: its own date is before the version that it replaces.
 */
export function versionTime(event: FeedEvent, before?: Before): number {
  const floor = before?.to ?? before?.from ?? Number.NEGATIVE_INFINITY;
  const seen = Math.max(event.observedAtMs, floor);
  const field = OWN_DATES[event.key.type];
  const own = field === undefined || event.restored === true ? undefined : ownValue(event.payload, field);
  if (typeof own !== 'number' || !Number.isFinite(own)) return Math.trunc(seen);
  // What was seen before it began came late, again: it stands where another version belongs.
  const isLate = before !== undefined && before.seen < before.from;
  return Math.trunc(own > floor || (isLate && own === floor) ? Math.min(own, seen) : seen);
}
