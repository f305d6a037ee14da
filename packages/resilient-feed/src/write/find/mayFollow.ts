import type { Clocks } from '../../Clocks.js';

/** Whether what the target made then may be a replica of what the source made then: it is not older. */
export function mayFollow(createdAtMs: number | undefined, bornMs: unknown, clocks: Clocks): boolean {
  if (typeof bornMs !== 'number' || createdAtMs === undefined) return true;
  return createdAtMs >= clocks.sourceToTarget(bornMs) - clocks.targetSlackMs - clocks.sourceSlackMs;
}
