import type { Clocks } from '../../Clocks.js';

/** Whether an object of the target may be the counterpart of one of the source by their dates: it must not be older. */
export function mayFollow(createdAtMs: number | undefined, bornMs: unknown, clocks: Clocks): boolean {
  if (typeof bornMs !== 'number' || createdAtMs === undefined) return true;
  if (clocks.isAheadOfSource(bornMs)) return true;
  return createdAtMs >= clocks.sourceToTarget(bornMs) - clocks.targetSlackMs - clocks.sourceSlackMs;
}
