import type { FeedHistory, StatusReport } from '@soar-feed/core/runtime';

export interface Overview {
  readonly report: StatusReport;
  /** The last hours of each feed. */
  readonly history: readonly FeedHistory[];
}
