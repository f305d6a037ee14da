import { flatten } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';

/** One change in the body of a request. */
export interface Item {
  /** Stable: a change that is sent again has the same one. */
  readonly id: string;
  readonly operation: 'upsert' | 'delete';
  readonly key: ObjectKey;
  readonly parent?: ObjectKey;
  readonly workspace: string;
  /** When the object was like this: ISO time by the source's clock. */
  readonly observed_at: string;
  /** The whole object; `null` for a delete. */
  readonly data: Readonly<Record<string, unknown>> | null;
}

export function itemOf(event: FeedEvent, format: 'flat' | 'raw'): Item {
  const { id, operation, key, parent, workspace, observedAtMs } = event;
  return {
    id,
    operation,
    key: plain(key),
    ...(parent === undefined ? {} : { parent: plain(parent) }),
    workspace,
    observed_at: new Date(observedAtMs).toISOString(),
    data: operation === 'delete' ? null : format === 'flat' ? flatten(event) : event.payload,
  };
}

function plain({ orgId, incidentId, type, objectId }: ObjectKey): ObjectKey {
  return { orgId, incidentId, type, objectId };
}
