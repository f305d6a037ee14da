import type { FeedEvent, ObjectKey, SoarObject } from '@soar-feed/core';

/** What a test may say of an event; everything has a default. */
export interface EventOptions {
  readonly orgId?: number;
  readonly incidentId?: number;
  readonly objectId?: number;
  /** Default: the incident. */
  readonly parent?: ObjectKey;
  readonly workspace?: string;
  /** Source clock, ms since the epoch. */
  readonly observedAtMs?: number;
  readonly origin?: FeedEvent['origin'];
  /** Default: made of type, object id and time, so that one change has one id. */
  readonly id?: string;
  /** Laid over the builder's own payload. */
  readonly payload?: SoarObject;
}
