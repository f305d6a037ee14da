import type { FeedEvent } from '@soar-feed/core';
import type { Mapping } from './Mapping.js';

/** Whether the target may hold something else than the mapping says: also if an earlier process sent what this event replaces. */
export function mustBeCompared(event: FeedEvent, mapping: Pick<Mapping, 'flags'>): boolean {
  return event.replaces === true || isBack(event, mapping);
}

/** Whether the target may have lost the counterpart without a person deleting it, as when an old mapping was put back. */
export function isBack({ restored }: FeedEvent, { flags }: Pick<Mapping, 'flags'>): boolean {
  return restored === true || flags.recheck === true;
}
