import type { FeedStore } from '@soar-feed/core';

/** What scenarios work on: the open store, and how to come back to its state. */
export interface StoreSubject {
  readonly store: FeedStore;
  /** Closes the store and opens the state again. */
  reopen(): Promise<FeedStore>;
  another(): FeedStore;
}
