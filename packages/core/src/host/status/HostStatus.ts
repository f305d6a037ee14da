import type { QueueState } from '@soar-feed/soar-client';
import type { FeedStatus } from '../../delivery/FeedStatus.js';
import type { QueueCounts } from '../../intake/queue/QueueIntake.js';
import type { PacePoint } from '../../telemetry/pace/FeedPace.js';
import type { ReloadStatus } from '../../intake/reload/ReloadStatus.js';

/** What a running host knows about itself without asking anybody. */
export interface HostStatus {
  readonly source: { readonly host: string; readonly org: string } | undefined;
  /** By whose clock the time of a change is known; absent before the source is connected. */
  readonly changeTime?: 'platform' | 'received';
  /** What the start still waits for. */
  readonly waitsFor?: string;
  /** A standby: which host has what this one waits for. */
  readonly standby?: string;
  readonly queue: {
    readonly state: QueueState['state'] | 'off';
    readonly problem?: string;
    readonly counts: Readonly<QueueCounts>;
    readonly inFlight: number;
  };
  readonly store: { readonly problem?: string };
  /** Keys that turn the check of certificates off, as `[section] key`. */
  readonly unchecked?: readonly string[];
  readonly feeds: readonly FeedStatus[];
  readonly reload: ReloadStatus;
}

/** How one feed did in the last hours. */
export interface FeedHistory {
  readonly feed: string;
  /** Oldest first; minutes in which the host did not run are missing. */
  readonly minutes: readonly PacePoint[];
}

/** For a host that has not started. */
export const NO_COUNTS: QueueCounts = { received: 0, acknowledged: 0, ignored: 0, undecodable: 0 };
export const NO_RELOAD: ReloadStatus = { running: false, incidents: 0, objects: 0, faults: 0 };
