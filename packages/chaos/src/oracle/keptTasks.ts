import type { State } from './readState.js';

/** What the replica says of a task that its platform made itself and lets nobody delete. */
const KEPT = 'the platform keeps this task';

/**
 * How many tasks of each source incident the target keeps although they are gone at the source: those that its platform
 * made itself. A restored source that gives ids again makes the target have them twice for a time, and no feed can
 * remove them.
 */
export function keptTasks({ outcomes }: State): ReadonlyMap<number, number> {
  const kept = new Map<number, Set<string>>();
  for (const { object_key: key, reason } of outcomes?.values() ?? []) {
    if (reason?.startsWith(KEPT) !== true) continue;
    const incidentId = Number(key.split('/')[1]);
    kept.set(incidentId, (kept.get(incidentId) ?? new Set()).add(key));
  }
  return new Map([...kept].map(([incidentId, keys]) => [incidentId, keys.size]));
}
