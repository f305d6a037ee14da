/**
 * What becomes of the objects below one that is deleted, by its type; the one table for the gate, parked rows, those that
 * wait, and targets. Of other types nothing hangs below.
 *
 * - `goes`: all of it, and the platform sends no message for it (IBM's Data Feeder guide).
 * - `may-stay`: only the source can tell. A note that has replies leaves a blank frame (`is_deleted`), and they live on
 *   below it, or they go with it (unconfirmed, by server); an artifact may be outlived by those made from it.
 */
const BELOW: ReadonlyMap<string, 'goes' | 'may-stay'> = new Map([
  ['incident', 'goes'],
  ['task', 'goes'],
  ['note', 'may-stay'],
  ['artifact', 'may-stay'],
]);

/** Whether everything below an object of this type goes with it. */
export function takesAll(type: string): boolean {
  return BELOW.get(type) === 'goes';
}

/** Whether something below an object of this type may outlive it: ask the source. */
export function mayLeave(type: string): boolean {
  return BELOW.get(type) === 'may-stay';
}
