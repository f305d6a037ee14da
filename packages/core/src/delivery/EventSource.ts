import type { FeedEvent } from '../contract/FeedEvent.js';
import type { ParkedEvent } from '../contract/FeedStore.js';

/** What a feed needs from the source to bring parked and doubtful events up to date. */
export interface EventSource {
  /** The event with the object as it is now; `undefined` when it is gone. */
  reread(event: FeedEvent): Promise<FeedEvent | undefined>;
  /** A parked row as an event again, read anew when its payload was not kept; `undefined` when it is gone. */
  rebuild(row: ParkedEvent): Promise<FeedEvent | undefined>;
}
