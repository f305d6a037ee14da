import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import { incidentKey, isIncident } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { optionalPlatformId } from '../contract/platformId.js';
import { hasOwnParent, mayBeOfTask } from './hierarchy.js';
import { taskIdOf } from './taskOf.js';

/**
 * The parent of an object: the note or artifact that it names, else its task, else its incident. Throws `DecodeError` if it
 * names something that is not an id.
 */
export function parentOf(key: ObjectKey, payload: SoarObject): ObjectKey | undefined {
  if (isIncident(key)) return undefined;
  const reference = (name: string): number | undefined =>
    optionalPlatformId(payload[name], `The ${name} of ${key.type} ${key.objectId}`);
  const taskId = mayBeOfTask(key.type) ? reference('task_id') : undefined;
  const parentId = hasOwnParent(key.type) ? reference('parent_id') : undefined;
  return parentId === undefined ? containerOf(key, taskId) : { ...key, objectId: parentId };
}

/** Everything above the object, as far as its event says; the nearest comes last. */
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

/** The parent of the object if nothing of its own type were above it: its task or its incident. */
export function containerOf(key: ObjectKey, taskId: number | undefined): ObjectKey {
  return taskId === undefined ? incidentKey(key) : { ...key, type: 'task', objectId: taskId };
}
