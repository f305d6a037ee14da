import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import { incidentKey, isIncident } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { optionalPlatformId } from '../contract/platformId.js';
import { hasOwnParent, mayBeOfTask } from './hierarchy.js';
import { taskIdOf } from './taskOf.js';

/**
 * What an object hangs under: its parent note or artifact where it names one, else its task, else its incident. Throws
 * `DecodeError` where it names something that is no id.
 */
export function parentOf(key: ObjectKey, payload: SoarObject): ObjectKey | undefined {
  if (isIncident(key)) return undefined;
  const reference = (name: string): number | undefined =>
    optionalPlatformId(payload[name], `The ${name} of ${key.type} ${key.objectId}`);
  const taskId = mayBeOfTask(key.type) ? reference('task_id') : undefined;
  const parentId = hasOwnParent(key.type) ? reference('parent_id') : undefined;
  return parentId === undefined ? containerOf(key, taskId) : { ...key, objectId: parentId };
}

/** All that the object hangs under, as far as its event tells: the nearest last. */
export function ancestorsOf(event: Pick<FeedEvent, 'key' | 'parent' | 'payload'>): readonly ObjectKey[] {
  const { key, parent } = event;
  if (isIncident(key)) return [];
  const taskId = taskIdOf(event);
  return [
    incidentKey(key),
    ...(taskId === undefined ? [] : [containerOf(key, taskId)]),
    ...(parent?.type === key.type ? [parent] : []),
  ];
}

/** Where the object would stand if nothing of its own type were above it. */
export function containerOf(key: ObjectKey, taskId: number | undefined): ObjectKey {
  return taskId === undefined ? incidentKey(key) : { ...key, type: 'task', objectId: taskId };
}
