import type { FeedEvent, ObjectKey, SoarObject } from '@soar-feed/core';

/** What a test may set of an event; everything has a default. */
export interface EventOptions {
  readonly orgId?: number;
  readonly incidentId?: number;
  readonly objectId?: number;
  /** Default: the incident. */
  readonly parent?: ObjectKey;
  readonly workspace?: string;
  /** Time on the source's clock, ms since the epoch. */
  readonly observedAtMs?: number;
  readonly origin?: FeedEvent['origin'];
  /** Default: made from type, object id and time, so that one change always has the same id. */
  readonly id?: string;
  /** Merged over the builder's own payload. */
  readonly payload?: SoarObject;
}
