import type { Intent } from '../mapping/Intent.js';
import { hasKey } from './TargetObject.js';
import type { TargetObject } from './TargetObject.js';

/**
 * Finds the object that an unanswered create made. It has the natural key that was sent, was made by our own account
 * and not before the request, and is nobody else's counterpart: an equal sibling that has a row is never taken.
 * `slackMs`: the largest error of the intent's time, which is by the target's clock.
 */
export function findTwin(
  intent: Intent,
  candidates: readonly TargetObject[],
  mapped: ReadonlySet<number>,
  slackMs: number,
): TargetObject | undefined {
  return candidates.find((candidate) => {
    if (mapped.has(candidate.target.objectId)) return false;
    return mayBeMadeBy(intent, candidate, slackMs) && hasKey(candidate, intent.naturalKey);
  });
}

/** Whether the create may have made this object, whatever its natural key. */
export function mayBeMadeBy(intent: Intent, candidate: TargetObject, slackMs: number): boolean {
  if (candidate.createdBy !== undefined && candidate.createdBy !== intent.principalId) return false;
  if (candidate.createdAtMs !== undefined && candidate.createdAtMs < intent.sentAtMs - slackMs) return false;
  return candidate.parentId === undefined || (candidate.parentId ?? undefined) === intent.targetParentId;
}
