import type { FeedStore } from '@soar-feed/core';

/** What scenarios work on: the open store, and a way to reopen its state. */
export interface StoreSubject {
  readonly store: FeedStore;
  /** Closes the store and opens its state again. */
  reopen(): Promise<FeedStore>;
  another(): FeedStore;
}
