import type { Intent } from '../mapping/Intent.js';
import type { Since } from '../Clocks.js';
import { hasKey } from './TargetObject.js';
import type { TargetObject } from './TargetObject.js';

/**
 * Finds the object that an unanswered create made. It has the natural key that was sent, was made by our own account
 * and not before the request, and is nobody else's counterpart: an equal sibling that has a row is never taken. `since`: see
 * `Clocks.targetSince`.
 */
export function findTwin(
  intent: Intent,
  candidates: readonly TargetObject[],
  mapped: ReadonlySet<number>,
  since: Since,
): TargetObject | undefined {
  return candidates.find((candidate) => {
    if (mapped.has(candidate.target.objectId)) return false;
    return mayBeMadeBy(intent, candidate, since) && hasKey(candidate, intent.naturalKey);
  });
}

/** Whether the create may have made this object, whatever its natural key. */
export function mayBeMadeBy(intent: Intent, candidate: TargetObject, since: Since): boolean {
  if (candidate.createdBy !== undefined && candidate.createdBy !== intent.principalId) return false;
  if (candidate.createdAtMs !== undefined && candidate.createdAtMs < since(intent.sentAtMs)) return false;
  return candidate.parentId === undefined || (candidate.parentId ?? undefined) === intent.targetParentId;
}
