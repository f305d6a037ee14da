import type { VerifyReport } from '@soar-feed/core/runtime';

export interface Verify {
  /** Absent: nothing was compared yet. */
  readonly last?: {
    readonly report: VerifyReport;
    readonly feeds: readonly string[];
    readonly minIncidentId: number;
    readonly maxIncidentId?: number;
    /** Percent of the incidents. */
    readonly sample: number;
    /** Everything up to this incident was compared. */
    readonly upToId: number;
  };
  /** Only differences of this cause are listed. */
  readonly cause?: string;
  readonly problem?: string;
}
