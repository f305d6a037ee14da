import type { FeedEvent } from '../contract/FeedEvent.js';

/** If a server starts at a higher number, new incidents are loaded whole: that costs requests and does no harm. */
const FIRST_VERSION = 1;

/** Whether an incident was changed since its creation, as far as its version tells. */
export function hasChanged({ payload: { vers: version } }: FeedEvent): boolean {
  return typeof version === 'number' && version > FIRST_VERSION;
}
