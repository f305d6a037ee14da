import type { Attributes } from '@opentelemetry/api';
import type { FeedEvent } from '../../contract/FeedEvent.js';

/** Which object a span is about: ids and types, no field of it. */
export function objectAttributes({ key, operation, origin }: FeedEvent): Attributes {
  return {
    'soar.object.type': key.type,
    'soar.object.id': key.objectId,
    'soar.incident.id': key.incidentId,
    'soar.operation': operation,
    'soar_feed.origin': origin,
  };
}
