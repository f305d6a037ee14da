import type { DeliveryResult } from '@soar-feed/core';
import type { Written } from '../write/update/Updates.js';

/** `resync`: the objects of the incident must come again. */
export function delivered({ change, target }: Written, resync = false): DeliveryResult {
  return { status: 'delivered', change, ref: String(target.objectId), ...(resync ? { resync: true } : {}) };
}
