import { toTypeSchema } from '@soar-feed/core';
import type { FeedEvent, SoarObject } from '@soar-feed/core';
import type { OrgTypes } from './orgTypes.js';

/** An upsert of the source organization 201 with the whole payload. */
export function eventOf(org: OrgTypes, type: string, payload: SoarObject, changes: Partial<FeedEvent> = {}): FeedEvent {
  const described = org.types[type];
  if (described === undefined) throw new Error(`no type ${type}`);
  return {
    id: 'event-1',
    origin: 'queue',
    operation: 'upsert',
    key: { orgId: 201, incidentId: 2001, type, objectId: type === 'incident' ? 2001 : 5 },
    workspace: 'Team B',
    observedAtMs: 1_700_000_000_000,
    payload,
    schema: toTypeSchema(described),
    ...changes,
  };
}
