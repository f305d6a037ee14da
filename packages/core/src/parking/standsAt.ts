import type { LastApplied } from '../contract/FeedStore.js';

/** Whether an object is at the destination, by what was applied to it last. */
export function standsAt(last: LastApplied | undefined): boolean {
  return last?.outcome === 'delivered' && !last.deleted;
}
