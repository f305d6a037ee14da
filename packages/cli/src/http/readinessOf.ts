import { healthOf } from '@soar-feed/core/runtime';
import type { HostStatus } from '@soar-feed/core/runtime';

export interface Readiness {
  /** Whether the host takes changes: a feed that is away does not count, because its changes are parked. A standby takes none. */
  readonly ok: boolean;
  /** For people: what is missing, then each feed. */
  readonly lines: readonly string[];
}

export function readinessOf(status: HostStatus): Readiness {
  const { feeds, reload: _, ...host } = status;
  const { ok, reasons, standby } = healthOf({ ...host, feeds: [] });
  if (standby !== undefined) return { ok: false, lines: [`standby: ${standby}`] };
  return { ok, lines: [...(ok ? ['ok'] : reasons), ...feeds.map(feedLine)] };
}

function feedLine({ name, state, problem, lagging, queued, parked, pace }: HostStatus['feeds'][number]): string {
  const { waiting, deferred, resync, failed, undecided } = parked;
  const how = state === 'up' && lagging ? 'lagging' : state;
  const age = pace.lagSeconds === 0 ? '' : `, the oldest change for ${Math.round(pace.lagSeconds)} s`;
  const why = problem === undefined || state === 'up' ? '' : ` (${problem})`;
  return `feed ${name}: ${how}${why}; ${queued} in progress${age}; ${waiting + deferred + resync} parked, ${failed + undecided} failed`;
}
