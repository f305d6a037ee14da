import type { Intent, NaturalKey } from '../mapping/Intent.js';
import { equalValues } from '../translate/normalise.js';
import type { TargetObject } from './TargetObject.js';

/** The target's clock may differ from ours by so much (ms). */
export const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * The object that an unanswered create made, if it did: equal natural key as sent, by our own principal, not before it
 * was sent, and not the object of another row: a legitimate equal sibling is never taken.
 */
export function findTwin(
  intent: Intent,
  candidates: readonly TargetObject[],
  mapped: ReadonlySet<number>,
): TargetObject | undefined {
  return candidates.find((candidate) => {
    if (mapped.has(candidate.target.objectId)) return false;
    if (candidate.createdBy !== undefined && candidate.createdBy !== intent.principalId) return false;
    if (candidate.createdAtMs !== undefined && candidate.createdAtMs < intent.sentAtMs - CLOCK_SKEW_MS) return false;
    if (candidate.parentId !== undefined && (candidate.parentId ?? undefined) !== intent.targetParentId) return false;
    return hasKey(candidate, intent.naturalKey);
  });
}

export function hasKey(candidate: TargetObject, key: NaturalKey): boolean {
  return key.length > 0 && key.every((field) => equalValues(field, candidate.value(field), field.value));
}
