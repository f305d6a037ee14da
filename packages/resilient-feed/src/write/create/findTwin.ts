import type { Intent } from '../../mapping/Intent.js';
import { hasKey } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';

/**
 * The object that an unanswered create made, if it did: equal natural key as sent, by our own principal, not before it
 * was sent, and not the object of another row: a legitimate equal sibling is never taken. `slackMs`: by how much the
 * intent's time, which is the target's, may be wrong.
 */
export function findTwin(
  intent: Intent,
  candidates: readonly TargetObject[],
  mapped: ReadonlySet<number>,
  slackMs: number,
): TargetObject | undefined {
  return candidates.find((candidate) => {
    if (mapped.has(candidate.target.objectId)) return false;
    if (candidate.createdBy !== undefined && candidate.createdBy !== intent.principalId) return false;
    if (candidate.createdAtMs !== undefined && candidate.createdAtMs < intent.sentAtMs - slackMs) return false;
    if (candidate.parentId !== undefined && (candidate.parentId ?? undefined) !== intent.targetParentId) return false;
    return hasKey(candidate, intent.naturalKey);
  });
}
