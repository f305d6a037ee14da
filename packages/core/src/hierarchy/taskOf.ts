import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import { isPlatformId } from '../contract/platformId.js';

/** The task a note or attachment says it belongs to; one of the incident itself has none. */
export function taskOf(payload: SoarObject): number | undefined {
  return isPlatformId(payload.task_id) ? payload.task_id : undefined;
}

/** The task an event's object belongs to: its parent, or what notes and attachments say of themselves. */
export function taskIdOf({ parent, payload }: Pick<FeedEvent, 'parent' | 'payload'>): number | undefined {
  return parent?.type === 'task' ? parent.objectId : taskOf(payload);
}
