import { incidentKey, isIncident, keyText } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import type { Mapping } from './Mapping.js';
import type { Place } from './Place.js';
import type { Rows } from './Rows.js';

/** What the mapping knows of an event's object and of its parents. */
export interface Known {
  readonly mapping: Mapping | undefined;
  readonly incident: Mapping | undefined;
  /** Row of the parent note, artifact or task; absent if the parent is the incident. */
  readonly parent: Mapping | undefined;
  /** Absent for an incident, and while the object's incident is not in the target. */
  readonly place?: Place;
  /** Task of the source, for a task's note or attachment. */
  readonly taskKey?: ObjectKey;
}

/** Finds all of them with one query. */
export async function lookUp(
  event: Pick<FeedEvent, 'key' | 'parent' | 'payload'>,
  rows: Pick<Rows, 'findAll'>,
): Promise<Known> {
  const { key } = event;
  const parentKey = event.parent === undefined || isIncident(event.parent) ? undefined : event.parent;
  const taskKey = taskKeyOf(event);
  const keys = [key, incidentKey(key), parentKey, taskKey].filter((wanted) => wanted !== undefined);
  const found = await rows.findAll(keys);
  const of = (wanted: ObjectKey | undefined) => (wanted === undefined ? undefined : found.get(keyText(wanted)));
  const incident = of(incidentKey(key));
  const parent = of(parentKey);
  return {
    mapping: of(key),
    incident,
    parent,
    ...placeOf(key, incident, parent, of(taskKey)),
    ...(taskKey === undefined ? {} : { taskKey }),
  };
}

/** A reply names its note as parent, but belongs to that note's task, too. */
function taskKeyOf({ key, parent, payload }: Pick<FeedEvent, 'key' | 'parent' | 'payload'>): ObjectKey | undefined {
  if (key.type !== 'note' && key.type !== 'attachment') return undefined;
  if (parent?.type === 'task') return parent;
  const taskId = payload['task_id'];
  return typeof taskId === 'number' && taskId > 0 ? { ...key, type: 'task', objectId: taskId } : undefined;
}

function placeOf(
  key: ObjectKey,
  incident: Mapping | undefined,
  parent: Mapping | undefined,
  task: Mapping | undefined,
): { readonly place?: Place } {
  if (isIncident(key) || incident?.target === undefined) return {};
  const taskId = task?.target?.objectId ?? parent?.target?.taskId;
  const parentId = parent !== undefined && parent.source.type === key.type ? parent.target?.objectId : undefined;
  return {
    place: {
      incidentId: incident.target.objectId,
      ...(taskId === undefined ? {} : { taskId }),
      ...(parentId === undefined ? {} : { parentId }),
    },
  };
}

/** The row of an object that is known to have one. */
export function mappingOf({ mapping }: Known): Mapping {
  if (mapping === undefined) throw new TypeError('decided to change an object that is not mapped');
  return mapping;
}
