import type { Dial, ServerLimits } from '@soar-feed/soar-client';
import type { ServiceIdentifier } from 'inversify';
import type { Clock } from './Clock.js';
import type { FeedStore } from './FeedStore.js';
import type { FeedTarget } from './FeedTarget.js';
import type { Logger } from './Logger.js';
import type { Metrics } from './Metrics.js';
import type { SourceOrg } from './SourceOrg.js';

const token = <T>(name: string): ServiceIdentifier<T> => Symbol.for(`@soar-feed/core:${name}`);

/** What a target package may bind and inject. Global symbols: two installed copies of core still meet. */
export const FeedTokens = {
  /** Bound by the package: the target itself. */
  Target: token<FeedTarget>('Target'),
  /** The feed's section name, as in `feed_names`. */
  Name: token<string>('Name'),
  /** The section's value, as the package's own schema parsed it: a plain symbol, so that it takes that schema's type. */
  Config: Symbol.for('@soar-feed/core:Config'),
  Logger: token<Logger>('Logger'),
  Metrics: token<Metrics>('Metrics'),
  Clock: token<Clock>('Clock'),
  Source: token<SourceOrg>('Source'),
  Store: token<FeedStore>('Store'),
  /** Only bound where the connections to SOAR servers are not TLS connections of our own. */
  Dial: token<Dial>('Dial'),
  /** What feeds that write to the same SOAR server share; unbound where a target is only looked at. */
  ServerLimits: token<ServerLimits>('ServerLimits'),
} as const;
