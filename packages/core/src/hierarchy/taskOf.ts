import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import { isPlatformId } from '../contract/platformId.js';

/** The task that a note or attachment names; one that belongs to the incident itself names none. */
export function taskOf(payload: SoarObject): number | undefined {
  return isPlatformId(payload.task_id) ? payload.task_id : undefined;
}

/** The task that an event's object belongs to: its parent, or the one that it names. */
export function taskIdOf({ parent, payload }: Pick<FeedEvent, 'parent' | 'payload'>): number | undefined {
  return parent?.type === 'task' ? parent.objectId : taskOf(payload);
}
