import type { SoarObject } from '../contract/FeedEvent.js';

/** The task a note or attachment says it belongs to; one of the incident itself has none. */
export function taskOf(payload: SoarObject): number | undefined {
  return typeof payload.task_id === 'number' && payload.task_id > 0 ? payload.task_id : undefined;
}
