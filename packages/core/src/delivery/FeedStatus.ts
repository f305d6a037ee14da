import type { ServerFigures } from '@soar-feed/soar-client';
import type { PaceFigures } from '../telemetry/pace/FeedPace.js';
import type { FeedCounts } from './Telling.js';
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
  readonly pace: PaceFigures;
  /** The server it writes to, where the target knows how that does. */
  readonly server?: ServerFigures;
}
