import type { State } from './readState.js';

/** The replica's word for a task that its platform made itself and deletes for nobody. */
const KEPT = 'the platform keeps this task';

/**
 * How many tasks the target keeps of each source incident, though they are gone at the source: those it made itself. A
 * source that was restored and gives ids again has them twice for a time, and no feed can take them away.
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
