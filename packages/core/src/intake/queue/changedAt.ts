import type { SourceTime } from '../../source/SourceTime.js';

/**
 * When a change happened: when the platform sent its message, by the platform's clock as measured against ours; if the message
 * or the clock does not say, `now`. ms, host clock.
 */
export function changedAt(
  sentAtMs: number | undefined,
  now: number,
  sourceTime: Pick<SourceTime, 'byOurs'> | undefined,
): number {
  const sentByOurs = sentAtMs === undefined ? undefined : sourceTime?.byOurs(sentAtMs);
  // Clocks are compared with some doubt: no change is from the future.
  return Math.min(now, sentByOurs ?? now);
}
