import type { FeedEvent } from '../contract/FeedEvent.js';
import type { LastApplied } from '../contract/FeedStore.js';
import { isIncident } from '../contract/ObjectKey.js';

/** An incident this much older than its own event (ms) may have objects that no event of the queue will bring. */
const BRAND_NEW_MS = 60_000;

/**
 * An incident that comes to a feed of certain workspaces for the first time although it is not new: it was moved here,
 * and must be loaded whole (rule 18 of delivery). A reload brings the objects itself.
 */
export function movedIn(event: FeedEvent, last: LastApplied | undefined): boolean {
  if (last !== undefined || event.origin === 'reload' || event.operation === 'delete') return false;
  const created = event.payload['create_date'];
  return isIncident(event.key) && typeof created === 'number' && event.observedAtMs - created > BRAND_NEW_MS;
}
