import type { SoarObject } from '../contract/FeedEvent.js';
import { isPlatformId } from '../shape/platformId.js';

/** The task a note or attachment says it belongs to; one of the incident itself has none. */
export function taskOf(payload: SoarObject): number | undefined {
  return isPlatformId(payload.task_id) ? payload.task_id : undefined;
}
