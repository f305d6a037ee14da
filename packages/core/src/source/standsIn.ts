import type { SoarObject } from '../contract/FeedEvent.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { isPlatformId } from '../contract/platformId.js';

/**
 * Whether an object that the source gave is the one that `key` means. A server that was restored from a backup reuses ids,
 * and a task, with everything below it, is read by its id alone: it may be in another incident by now, and then it is gone
 * from this one. An object that does not name its incident was read from that incident's list.
 */
export function standsIn({ type, incidentId }: ObjectKey, { id, inc_id }: SoarObject): boolean {
  const named = type === 'incident' ? id : inc_id;
  return !isPlatformId(named) || named === incidentId;
}
