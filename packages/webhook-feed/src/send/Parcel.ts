import type { FeedEvent } from '@soar-feed/core';

/** An event on its way, and its place in the batch. */
export interface Parcel {
  readonly at: number;
  readonly event: FeedEvent;
  /** The item as JSON. */
  readonly json: string;
}
