import type { ObjectKey } from '@soar-feed/core';

/** Names an object by its id, whatever incident it belongs to: that is how Splunk finds it. */
export function idText({ orgId, type, objectId }: ObjectKey): string {
  return `${orgId}/${type}/${objectId}`;
}
