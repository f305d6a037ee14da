import type { Clock } from '../contract/Clock.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import type { Parking } from '../parking/Parking.js';
import type { EventSource } from '../source/EventSource.js';
import type { EventWatch } from '../telemetry/EventWatch.js';

/** What one feed works with. */
export interface FeedServices {
  readonly target: FeedTarget;
  readonly parking: Parking;
  readonly source: EventSource;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Default: nobody watches. */
  readonly watch?: EventWatch;
}
