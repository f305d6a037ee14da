import { writeJson } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { rowOf } from '../rowOf.js';

/**
 * A change as one line, without its end. `data` is the whole object, flat as in the other format; null for a delete.
 * Line breaks inside of texts are escaped by JSON.
 */
export function lineOf(event: FeedEvent, content?: string): string {
  const { key, operation, workspace, observedAtMs } = event;
  const row = operation === 'delete' ? null : rowOf(event);
  return writeJson({
    operation,
    org: key.orgId,
    inc_id: key.incidentId,
    type: key.type,
    id: key.objectId,
    workspace,
    observed_at: new Date(observedAtMs).toISOString(),
    data: content === undefined ? row : { ...row, content },
  });
}
