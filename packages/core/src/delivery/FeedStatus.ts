import type { FeedCounts } from './Ending.js';
import type { FeedState } from './Supervisor.js';

export interface FeedStatus {
  readonly name: string;
  readonly state: FeedState;
  readonly problem?: string;
  /** New events are parked until it has caught up. */
  readonly lagging: boolean;
  readonly counts: Readonly<FeedCounts>;
  /** Events in memory. */
  readonly queued: number;
  readonly parked: Readonly<Record<'waiting' | 'deferred' | 'failed' | 'undecided' | 'resync', number>>;
  /** Age of the oldest event that has not ended, ms. */
  readonly oldestMs?: number;
}
