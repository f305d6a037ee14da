import type { FeedEvent } from '../contract/FeedEvent.js';
import { isIncident, keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** Where a parked row stands in its incident. */
export interface ParkedPlace {
  readonly key: ObjectKey;
  readonly parent?: ObjectKey;
  /** The task it belongs to, also where its parent is a note of that task. */
  readonly taskId?: number;
  readonly operation: FeedEvent['operation'];
}

/**
 * The rows of one incident that go with `ancestor`: all but itself for the incident; for a task its notes, their replies
 * and its attachments; for anything else what hangs under it, over parked rows in between. Deletes of what hangs under a
 * note stay: the destination may keep the replies of a deleted note until each is deleted itself.
 */
export function rowsBelow<Row extends ParkedPlace>(ancestor: ObjectKey, rows: readonly Row[]): readonly Row[] {
  const top = keyText(ancestor);
  if (isIncident(ancestor)) return rows.filter((row) => keyText(row.key) !== top);
  const below = new Set<Row>();
  const names = new Set([top]);
  for (let size = -1; size !== below.size;) {
    size = below.size;
    for (const row of rows) {
      const ofTask = ancestor.type === 'task' && row.taskId === ancestor.objectId;
      const ofParent = row.parent !== undefined && names.has(keyText(row.parent));
      if (keyText(row.key) === top || !(ofTask || ofParent)) continue;
      below.add(row);
      names.add(keyText(row.key));
    }
  }
  return [...below].filter(({ operation }) => ancestor.type !== 'note' || operation !== 'delete');
}

/** The task an event's object belongs to: its parent, or what notes and attachments say of themselves (`task_id`). */
export function taskIdOf({ parent, payload }: FeedEvent): number | undefined {
  if (parent?.type === 'task') return parent.objectId;
  const taskId = payload['task_id'];
  return typeof taskId === 'number' ? taskId : undefined;
}
