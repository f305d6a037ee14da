import type { FeedEvent } from '../contract/FeedEvent.js';

/** What a log line says about an event: never its payload. */
export function facts(event: FeedEvent): Record<string, unknown> {
  return {
    type: event.key.type,
    objectId: event.key.objectId,
    incidentId: event.key.incidentId,
    operation: event.operation,
    origin: event.origin,
  };
}
