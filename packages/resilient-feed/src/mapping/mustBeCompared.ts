import type { FeedEvent } from '@soar-feed/core';
import type { Mapping } from './Mapping.js';

/** Whether the mapping may not say what stands in the target: also where a process that ended may have sent what the event replaces. */
export function mustBeCompared(event: FeedEvent, mapping: Pick<Mapping, 'flags'>): boolean {
  return event.replaces === true || isBack(event, mapping);
}

/** Whether the counterpart may be gone without a person's doing: what came back in the source is unknown to an old mapping. */
export function isBack({ restored }: FeedEvent, { flags }: Pick<Mapping, 'flags'>): boolean {
  return restored === true || flags.recheck === true;
}
