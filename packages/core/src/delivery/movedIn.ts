import type { LastApplied } from '../contract/FeedStore.js';
import { isIncident } from '../contract/ObjectKey.js';
import { mayBeBrandNew } from '../shape/mayBeBrandNew.js';
import type { Entry } from './Entry.js';

/**
 * An incident that comes to a feed of certain workspaces for the first time although it is not new: it was moved here,
 * and must be loaded whole (rule 18 of delivery). A reload brings the objects itself.
 */
export function movedIn({ event, modified }: Entry, last: LastApplied | undefined): boolean {
  if (last !== undefined || event.origin === 'reload' || event.operation === 'delete') return false;
  if (!isIncident(event.key)) return false;
  // Rules move incidents right after they were made: then their first objects went to another feed.
  if (modified) return true;
  const created = event.payload['create_date'];
  return !mayBeBrandNew(typeof created === 'number' ? event.observedAtMs - created : undefined);
}
