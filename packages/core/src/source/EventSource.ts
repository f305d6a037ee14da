import type { FeedEvent } from '../contract/FeedEvent.js';
import type { ParkedEvent } from '../contract/FeedStore.js';
import type { ServerTime } from '../contract/SourceOrg.js';

/** What a feed needs from the source to bring parked and doubtful events up to date. */
export interface EventSource {
  /** The source's clock as measured against ours; absent: unknown. */
  readonly serverClock?: ServerTime | undefined;
  /** The event with the object as it is now; `undefined` when it is gone. */
  reread(event: FeedEvent): Promise<FeedEvent | undefined>;
  /** Makes a parked row an event again; reads the object if its payload was not kept. `undefined` when it is gone. */
  rebuild(row: ParkedEvent): Promise<FeedEvent | undefined>;
  /** The event with the time series that the config asks for. Never rejects: the source may not give them. */
  timed?(event: FeedEvent): Promise<FeedEvent>;
}
