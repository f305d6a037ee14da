import type { Feed } from '../../delivery/Feed.js';
import type { QueueIntake } from '../../intake/queue/QueueIntake.js';
import type { Reloads } from '../../intake/reload/Reloads.js';
import type { StoreHealth } from '../../parking/durably.js';
import type { SourceTime } from '../../source/SourceTime.js';
import type { HostQueue } from '../HostQueue.js';
import type { PreparedHost } from '../PreparedHost.js';
import { uncheckedCertificates } from '../uncheckedCertificates.js';
import { uncheckedServers } from '../uncheckedServers.js';
import { NO_COUNTS, NO_RELOAD } from './HostStatus.js';
import type { HostStatus } from './HostStatus.js';

/** The parts of a running host that tell of themselves. */
interface RunningParts {
  readonly client: { readonly host: string; readonly org: { readonly name: string } };
  readonly feeds: readonly Pick<Feed, 'status'>[];
  readonly reloads: Pick<Reloads, 'status'>;
  readonly intake: Pick<QueueIntake, 'counts' | 'inFlight'>;
  readonly sourceTime: Pick<SourceTime, 'doubtMs'>;
}

export interface HostFacts {
  readonly prepared: PreparedHost;
  /** Absent before the start and after the stop. */
  readonly running: RunningParts | undefined;
  readonly waitsFor: string | undefined;
  readonly standby: string | undefined;
  readonly queue: HostQueue['state'];
  readonly store: StoreHealth;
}

/** What a host knows about itself. */
export function statusOfHost({ prepared, running, waitsFor, standby, queue, store }: HostFacts): HostStatus {
  const problem = 'error' in queue ? queue.error.message : undefined;
  return {
    source: running && { host: running.client.host, org: running.client.org.name },
    ...(running === undefined ? {} : { changeTime: running.sourceTime.doubtMs === Infinity ? 'received' : 'platform' }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(standby === undefined ? {} : { standby }),
    queue: {
      state: queue.state,
      ...(problem === undefined ? {} : { problem }),
      counts: { ...(running?.intake.counts ?? NO_COUNTS) },
      inFlight: running?.intake.inFlight ?? 0,
    },
    store: store.problem === undefined ? {} : { problem: store.problem },
    unchecked: [...uncheckedCertificates(prepared), ...uncheckedServers(prepared)].map(
      ({ section, key }) => `[${section}] ${key ?? ''}`,
    ),
    feeds: (running?.feeds ?? []).map((feed) => feed.status()),
    reload: running?.reloads.status ?? NO_RELOAD,
  };
}
