import { RetryableError } from '@soar-feed/core';
import type { DeliveryOutcome } from '@soar-feed/core';
import type { ItemResult, Operation } from './Bulk.js';

/** The outcome of an event, by those of its writes; the first is the one that is told. */
export function outcomeOf(results: readonly ItemResult[], first?: Pick<Operation, 'index' | 'id'>): DeliveryOutcome {
  for (const result of results) {
    if (result.status === 'failed') return result;
    if (result.status === 'conflict') {
      const problem = 'Another writer changes the same document.';
      return { status: 'failed', error: new RetryableError(problem, { code: 'elastic-conflict' }) };
    }
  }
  const [told] = results as readonly Extract<ItemResult, { status: 'done' }>[];
  const change = told?.change ?? 'unchanged';
  return { status: 'delivered', change, ...(first === undefined ? {} : { ref: `${first.index}/${first.id}` }) };
}
