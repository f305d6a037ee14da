import type { Clock } from '../contract/Clock.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Lanes } from '../lanes/Lanes.js';
import type { ParkedIndex } from '../parking/ParkedIndex.js';
import type { FeedPace } from '../telemetry/pace/FeedPace.js';
import type { AgeWatch } from './AgeWatch.js';
import type { Entry } from './Entry.js';
import type { FeedStatus } from './FeedStatus.js';
import type { Supervisor } from './Supervisor.js';
import type { Telling } from './Telling.js';

export interface StatusParts {
  readonly lanes: Lanes<Entry>;
  readonly supervisor: Supervisor;
  readonly ages: AgeWatch;
  readonly index: ParkedIndex;
  readonly telling: Telling;
  readonly pace: FeedPace;
  readonly target: Pick<FeedTarget, 'server'>;
}

/** What a feed knows of itself. */
export function statusOf(name: string, clock: Clock, parts: StatusParts): FeedStatus {
  const { lanes, supervisor, ages, index, telling, pace, target } = parts;
  const server = target.server?.();
  const entries = [...lanes.entries()];
  const oldest = Math.min(...entries.map((entry) => entry.acceptedSteadyMs));
  const since = Math.min(index.oldestSinceMs() ?? Infinity, ...entries.map((entry) => entry.sinceMs));
  const problem = supervisor.lastProblem;
  return {
    name,
    state: supervisor.current,
    ...(problem === undefined ? {} : { problem }),
    lagging: ages.lagging,
    counts: { ...telling.counts },
    queued: lanes.size,
    parked: {
      waiting: index.count('waiting'),
      deferred: index.count('deferred'),
      failed: index.count('failed'),
      undecided: index.count('undecided'),
      resync: index.count('resync'),
    },
    ...(entries.length === 0 ? {} : { oldestMs: Math.round(clock.steadyMs() - oldest) }),
    pace: pace.figures(Math.max(0, clock.now() - since) / 1000),
    ...(server === undefined ? {} : { server }),
  };
}
