import type { FeedEvent } from '../contract/FeedEvent.js';
import type { LastApplied } from '../contract/FeedStore.js';
import { isIncident } from '../contract/ObjectKey.js';
import { INDEX_LAG_MS } from '../lanes/judgeFreshness.js';
import { hasChanged } from '../shape/hasChanged.js';
import { mayBeBrandNew } from '../shape/mayBeBrandNew.js';
import type { Entry } from './Entry.js';

/**
 * Whether an incident that reaches a feed of certain workspaces for the first time is not new: then it was moved here and
 * must be loaded whole.
 */
export function movedIn({ event, modified }: Entry, last: LastApplied | undefined): boolean {
  if (last !== undefined || event.operation === 'delete' || !isIncident(event.key)) return false;
  // A reload brings the objects itself, but its search may lag: the messages about what it does not show yet went to another feed.
  if (event.origin === 'reload') return isWithinLag(event);
  // A rule may move an incident right after its creation: then its first objects went to another feed. What the message said is
  // not known any more after the event was parked.
  if (modified || hasChanged(event)) return true;
  const created = event.payload['create_date'];
  return !mayBeBrandNew(typeof created === 'number' ? event.observedAtMs - created : undefined);
}

function isWithinLag({ payload, observedAtMs }: FeedEvent): boolean {
  const modified = payload['inc_last_modified_date'];
  return typeof modified === 'number' && observedAtMs - modified <= INDEX_LAG_MS;
}
