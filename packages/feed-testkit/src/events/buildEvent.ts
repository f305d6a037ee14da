import type { FeedEvent, ObjectKey, SoarObject, TypeSchema } from '@soar-feed/core';
import { incidentKey, isIncident } from '@soar-feed/core';
import { deepFreeze } from './deepFreeze.js';
import type { EventOptions } from './EventOptions.js';

/** Tuesday, 14 November 2023, 22:13:20 UTC. */
export const OBSERVED_AT_MS = 1_700_000_000_000;

/** An upsert as core hands it over, deep-frozen: code that changes it fails. */
export function buildEvent(
  schema: TypeSchema,
  defaultId: number,
  payload: SoarObject,
  options: EventOptions,
): FeedEvent {
  const { orgId = 201, incidentId = 2100, observedAtMs = OBSERVED_AT_MS, origin = 'queue' } = options;
  const objectId = schema.name === 'incident' ? incidentId : (options.objectId ?? defaultId);
  const key: ObjectKey = { orgId, incidentId, type: schema.name, objectId };
  const parent = options.parent ?? incidentKey(key);
  return deepFreeze({
    id: options.id ?? `${schema.name}-${objectId}-${observedAtMs}`,
    origin,
    operation: 'upsert',
    key,
    ...(isIncident(key) ? {} : { parent }),
    workspace: options.workspace ?? 'Default workspace',
    observedAtMs,
    payload: { id: objectId, ...payload, ...options.payload },
    schema,
  });
}
