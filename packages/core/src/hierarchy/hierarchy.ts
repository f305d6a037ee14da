/** What hangs under what, and what goes with what, by the type of the object. */
interface Place {
  /**
   * What becomes of the objects below one that is deleted. Absent: nothing hangs below it.
   *
   * - `goes`: all of it goes, and the platform sends no message for it (IBM's Data Feeder guide).
   * - `may-stay`: only the source knows. A note that has replies leaves a blank frame (`is_deleted`), and they live on
   *   below it, or they go with it (unconfirmed, by server); an artifact may be outlived by those made from it.
   */
  readonly below?: 'goes' | 'may-stay';
  /** It may name a parent of its own type, in `parent_id`. */
  readonly hasOwnParent?: true;
  /** It belongs to a task where it names one, in `task_id`. */
  readonly mayBeOfTask?: true;
}

/**
 * The one table, for the gate, parked rows, reloads and targets. In the order in which objects of one incident are
 * delivered: parents first. What is not in it, such as the rows of data tables, hangs under its incident and comes last.
 */
const HIERARCHY: ReadonlyMap<string, Place> = new Map<string, Place>([
  ['incident', { below: 'goes' }],
  ['task', { below: 'goes' }],
  ['note', { below: 'may-stay', hasOwnParent: true, mayBeOfTask: true }],
  ['artifact', { below: 'may-stay', hasOwnParent: true }],
  ['attachment', { mayBeOfTask: true }],
  ['milestone', {}],
]);

/** Whether everything below an object of this type goes with it. */
export function takesAll(type: string): boolean {
  return HIERARCHY.get(type)?.below === 'goes';
}

/** Whether something below an object of this type may outlive it: ask the source. */
export function mayLeave(type: string): boolean {
  return HIERARCHY.get(type)?.below === 'may-stay';
}

/** Whether an object of this type may hang under another of its type. */
export function hasOwnParent(type: string): boolean {
  return HIERARCHY.get(type)?.hasOwnParent === true;
}

/** Whether an object of this type may belong to a task. */
export function mayBeOfTask(type: string): boolean {
  return HIERARCHY.get(type)?.mayBeOfTask === true;
}

/** The place of a type in the order of delivery. */
export function rankOf(type: string): number {
  const at = [...HIERARCHY.keys()].indexOf(type);
  return at < 0 ? HIERARCHY.size : at;
}
