import type { FeedEvent } from '@soar-feed/core';
import { compareClause } from './compareClause.js';
import type { Criteria } from './Criteria.js';
import { findField } from './findField.js';
import { toSubject } from './Subject.js';

/**
 * Whether an incident is fed. With `all`, every clause must hold, also two on one field; with `any`, one. Without
 * clauses every incident matches.
 */
export function matchIncident(criteria: Criteria, event: FeedEvent): boolean {
  if (criteria.clauses.length === 0) return true;
  const holds = criteria.clauses.map((clause) => compareClause(clause, toSubject(findField(clause, event), event)));
  return criteria.combine === 'all' ? holds.every(Boolean) : holds.some(Boolean);
}
