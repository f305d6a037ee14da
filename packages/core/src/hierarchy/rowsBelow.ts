import { isIncident, keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { takesAll } from './hierarchy.js';

/** The place of a parked row in its incident. */
export interface ParkedPlace {
  readonly key: ObjectKey;
  readonly parent?: ObjectKey;
  /** The task it belongs to, also where its parent is a note of that task. */
  readonly taskId?: number;
}

/**
 * The rows of one incident that go with `ancestor` when it is deleted. For the incident: all rows but its own. For a task: its
 * notes, their replies and its attachments, also through other parked rows. For types that objects may outlive: none.
 */
export function rowsBelow<Row extends ParkedPlace>(ancestor: ObjectKey, rows: readonly Row[]): readonly Row[] {
  if (!takesAll(ancestor.type)) return [];
  const top = keyText(ancestor);
  if (isIncident(ancestor)) return rows.filter((row) => keyText(row.key) !== top);
  const below = new Set<Row>();
  const names = new Set([top]);
  for (let size = -1; size !== below.size;) {
    size = below.size;
    for (const row of rows) {
      const ofParent = row.parent !== undefined && names.has(keyText(row.parent));
      if (keyText(row.key) === top || !(row.taskId === ancestor.objectId || ofParent)) continue;
      below.add(row);
      names.add(keyText(row.key));
    }
  }
  return [...below];
}
