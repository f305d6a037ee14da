import { PermanentError } from '../contract/errors.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { Feed } from '../delivery/Feed.js';
import type { ReloadReport } from '../intake/reload/ReloadReport.js';
import type { Reloads } from '../intake/reload/Reloads.js';

/** What a verification found wrong with one incident at one feed. */
export interface Repair {
  readonly feed: string;
  readonly incidentId: number;
  /** Objects to compare with what stands at the destination. */
  readonly objects: readonly Pick<ObjectKey, 'type' | 'objectId'>[];
  /** How many objects that the source no longer has may be deleted. */
  readonly deletes: number;
}

export interface RepairingHost {
  readonly feeds: readonly Feed[];
  readonly reloads: Pick<Reloads, 'run'>;
  readonly client: { readonly org: { readonly id: number } };
}

/**
 * Loads one incident into one feed by the ordinary way. The target compares the named objects with what stands there,
 * and writes what differs. Throws `PermanentError` for an unknown feed, `UnavailableError` while the target is away.
 */
export async function repairIncident(
  { feeds, reloads, client }: RepairingHost,
  { feed: name, incidentId, objects, deletes }: Repair,
): Promise<ReloadReport> {
  const feed = feeds.find((one) => one.name === name);
  if (feed === undefined)
    throw new PermanentError(`The running host has no feed ${name}: see [feeds] feed_names.`, { code: 'no-such-feed' });
  const orgId = client.org.id;
  await feed.recheck(objects.map((object) => ({ orgId, incidentId, ...object })));
  return reloads.run({
    ...{ feeds: [name], minIncidentId: incidentId, maxIncidentId: incidentId, types: [], method: 'query' },
    restart: true,
    ...(deletes > 0 ? { allowDeletes: deletes } : { reconcile: false }),
  });
}
