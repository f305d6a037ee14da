import type { Drift, Repair } from '@soar-feed/core/runtime';

/** A request of a repair holds a few hundred objects at most. */
const OBJECTS_AT_ONCE = 500;

/**
 * What a repair does about drift: one load per feed and incident. Parked objects are left to their rows; what is extra
 * is only deleted if `deletes` allows so many.
 */
export function repairsOf(drift: readonly Drift[], { deletes }: { readonly deletes: boolean }): readonly Repair[] {
  const byIncident = new Map<string, Drift[]>();
  for (const one of drift) {
    if (one.cause === 'parked' || (one.cause === 'extra' && !deletes)) continue;
    const name = JSON.stringify([one.feed, one.key.incidentId]);
    byIncident.set(name, [...(byIncident.get(name) ?? []), one]);
  }
  return [...byIncident.values()].flatMap((found) => {
    const [first] = found;
    if (first === undefined) return [];
    const of = { feed: first.feed, incidentId: first.key.incidentId };
    const objects = found
      .filter(({ cause }) => cause !== 'extra')
      .map(({ key: { type, objectId } }) => ({ type, objectId }));
    const extra = found.length - objects.length;
    const parts = Math.max(1, Math.ceil(objects.length / OBJECTS_AT_ONCE));
    return Array.from({ length: parts }, (_, at) => ({
      ...of,
      objects: objects.slice(at * OBJECTS_AT_ONCE, (at + 1) * OBJECTS_AT_ONCE),
      deletes: at === 0 ? extra : 0,
    }));
  });
}
