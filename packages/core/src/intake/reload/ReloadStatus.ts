import type { ReloadProgress } from './ReloadIntake.js';

export interface ReloadStatus extends ReloadProgress {
  readonly running: boolean;
  readonly kind?: 'full' | 'changed';
  readonly startedAtMs?: number;
  /** While it runs: the estimated time left, ms; absent where nobody can say. */
  readonly leftMs?: number;
  /** What the reload waits for, or why the last one in the background failed. It goes on, or is tried again, by itself. */
  readonly problem?: string;
}

/** Below this the first incidents say too little. */
const ENOUGH = { incidents: 5, ms: 2_000 };

/** With the estimate of the time left, if the rest takes as long as what was read so far; `now`: ms, host clock. */
export function withTimeLeft(status: ReloadStatus, now: number): ReloadStatus {
  const { running, startedAtMs = now, incidents, ofIncidents } = status;
  const tookMs = now - startedAtMs;
  if (!running || ofIncidents === undefined || incidents < ENOUGH.incidents || tookMs < ENOUGH.ms) return status;
  return { ...status, leftMs: Math.round((Math.max(0, ofIncidents - incidents) * tookMs) / incidents) };
}
