import { compareStamps, stampOf } from '@soar-feed/core';
import type { FeedEvent, Stamp } from '@soar-feed/core';

/** What the destination has of an object. */
export interface Standing {
  /** ms, source clock. */
  readonly observedAtMs: number;
  readonly stamp?: Stamp;
}

/**
 * Whether the destination has something newer than the event. The object's own version decides where it has one; else the
 * time at the source does, unless what stands is from the future: then the source's clock was set back, and its times say
 * nothing. What the source's database says (`restored`) is never stale.
 */
export function isStale(event: FeedEvent, standing: Standing, sourceNowMs: number): boolean {
  if (event.restored === true) return false;
  const stamp = stampOf(event);
  const isVersion = stamp.kind !== 'broker' && stamp.kind !== 'read';
  const order = isVersion && standing.stamp !== undefined ? compareStamps(stamp, standing.stamp) : undefined;
  if (order === 1) return false;
  if (order === -1) return true;
  return event.observedAtMs < standing.observedAtMs && standing.observedAtMs <= sourceNowMs;
}

/** The version of the event's document: ms since the epoch, by the source's clock. */
export function versionOf({ observedAtMs }: FeedEvent): number {
  return Math.max(1, Math.floor(observedAtMs));
}
