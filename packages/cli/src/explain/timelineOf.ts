import { incidentKey, keyText } from '@soar-feed/core';
import type { FeedStore, ObjectKey, SettledObject, TargetRecord } from '@soar-feed/core';
import type { InspectedFeed, ListedRow } from '@soar-feed/core/runtime';
import type { Facts } from './Facts.js';
import { factsOf } from './gather.js';

/** What is known of one object of an incident at one feed. */
interface Known {
  readonly key: ObjectKey;
  settled?: SettledObject;
  record?: TargetRecord;
  row?: ListedRow;
}

/** An object of an incident, and when something last happened to it; ms since the epoch. */
export interface TimelineFacts extends Facts {
  readonly atMs?: number;
}

/**
 * The objects of the incident of an object as each feed knows them, the latest first, at most `limit`. Throws what reading state and
 * mapping throws.
 */
export async function timelineOf(
  object: ObjectKey,
  feeds: readonly InspectedFeed[],
  store: FeedStore,
  limit: number,
): Promise<readonly TimelineFacts[]> {
  const found: TimelineFacts[] = [];
  const incident = incidentKey(object);
  for (const feed of feeds) {
    const known = await knownOf(incident, feed, store, limit);
    const common = await factsOf(incident, 'source', feed.name, undefined, store);
    for (const one of known) found.push(await factsFrom(one, common, store));
  }
  return found.sort((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0)).slice(0, limit);
}

async function knownOf(
  { orgId, incidentId }: ObjectKey,
  { name: feed, insight }: InspectedFeed,
  store: FeedStore,
  limit: number,
): Promise<readonly Known[]> {
  const known = new Map<string, Known>();
  const of = (key: ObjectKey): Known => {
    const one = known.get(keyText(key)) ?? { key };
    known.set(keyText(key), one);
    return one;
  };
  for (const settled of await store.settlements.ofIncident(feed, orgId, incidentId, limit))
    of(settled.key).settled = settled;
  for await (const row of store.parked.list({ feed, incidentId })) if (row.key.orgId === orgId) of(row.key).row = row;
  for await (const record of insight?.records({ incidentId }) ?? [])
    if (record.key.orgId === orgId && (known.size < 2 * limit || known.has(keyText(record.key))))
      of(record.key).record = record;
  return [...known.values()];
}

/** `common`: what holds for all objects of the incident at this feed. */
async function factsFrom(
  { key, settled, record, row }: Known,
  { feed, resync, reloadedAtMs }: Facts,
  store: FeedStore,
): Promise<TimelineFacts> {
  // Only for what was left out or given up does the log of outcomes say more.
  const outcome =
    settled === undefined || settled.outcome === 'delivered'
      ? undefined
      : await store.outcomes.find(feed, settled.eventId);
  const times = [settled?.settledAtMs, record?.writtenAtMs, row?.parkedAtMs].filter((time) => time !== undefined);
  return {
    ...{ feed, key, askedAs: 'source', parked: row === undefined ? [] : [row] },
    ...(record === undefined ? {} : { record }),
    ...(settled === undefined ? {} : { settled }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(resync === undefined ? {} : { resync }),
    ...(reloadedAtMs === undefined ? {} : { reloadedAtMs }),
    ...(times.length === 0 ? {} : { atMs: Math.max(...times) }),
  };
}
