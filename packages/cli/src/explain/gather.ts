import { keyText, resyncKey } from '@soar-feed/core';
import type { FeedStore, ObjectKey, SettledObject, TargetRecord } from '@soar-feed/core';
import type { InspectedFeed, ListedRow } from '@soar-feed/core/runtime';
import { lastCompleteReload } from '@soar-feed/core/runtime';
import type { Facts } from './Facts.js';

export interface Asked {
  readonly type: string;
  readonly id: number;
  /** Whose id it is; absent: either side's. */
  readonly side?: 'source' | 'target' | undefined;
}

/** What the mapping and the state database know of an object, feed by feed. Both are read as they are on disk. */
export async function gather(
  { type, id, side }: Asked,
  feeds: readonly InspectedFeed[],
  store: FeedStore,
): Promise<readonly Facts[]> {
  const found: Facts[] = [];
  for (const feed of feeds) {
    if (side !== 'target') found.push(...(await asSource(type, id, feed, store)));
    if (side !== 'source') found.push(...(await asTarget(type, id, feed, store)));
  }
  return found;
}

/** The object may be known to the target, to the state, or only as a parked row. */
async function asSource(type: string, id: number, feed: InspectedFeed, store: FeedStore): Promise<readonly Facts[]> {
  const keys = new Map<string, ObjectKey>();
  const note = (key: ObjectKey): void => void keys.set(keyText(key), key);
  const records = new Map<string, TargetRecord>();
  for await (const record of feed.insight?.records({ type, objectId: id }) ?? []) {
    note(record.key);
    records.set(keyText(record.key), record);
  }
  for (const { feed: of, key } of await store.settlements.named(type, id)) if (of === feed.name) note(key);
  for await (const { key } of store.parked.list({ feed: feed.name, type, objectId: id })) note(key);
  // Last, because the whole log is read for it.
  if (keys.size === 0)
    for (const { feed: of, key } of await store.outcomes.named(type, id)) if (of === feed.name) note(key);
  const about = [...keys].map(([name, key]) => factsOf(key, 'source', feed.name, records.get(name), store));
  return Promise.all(about);
}

async function asTarget(type: string, id: number, feed: InspectedFeed, store: FeedStore): Promise<readonly Facts[]> {
  const found: Facts[] = [];
  for await (const record of feed.insight?.records({ type, ref: String(id) }) ?? [])
    found.push(await factsOf(record.key, 'target', feed.name, record, store));
  return found;
}

/** What a feed knows of an object whose key is known. */
export async function factsOf(
  key: ObjectKey,
  askedAs: Facts['askedAs'],
  feed: string,
  record: TargetRecord | undefined,
  store: FeedStore,
): Promise<Facts> {
  const settled = (await store.settlements.named(key.type, key.objectId)).find(isOf(feed, key));
  const outcome =
    settled === undefined
      ? (await store.outcomes.named(key.type, key.objectId)).find(isOf(feed, key))
      : await store.outcomes.find(feed, settled.eventId);
  const resync = await store.parked.find(feed, resyncKey(key.orgId, key.incidentId));
  const reloadedAtMs = await lastCompleteReload(store.checkpoints, feed);
  return {
    ...{ feed, key, askedAs },
    ...(record === undefined ? {} : { record }),
    ...(settled === undefined ? {} : { settled }),
    ...(outcome === undefined ? {} : { outcome }),
    parked: await chainOf(feed, key, store),
    ...(resync === undefined ? {} : { resync: withoutPayload(resync) }),
    ...(reloadedAtMs === undefined ? {} : { reloadedAtMs }),
  };
}

function isOf(feed: string, key: ObjectKey): (one: Pick<SettledObject, 'feed' | 'key'>) => boolean {
  return (one) => one.feed === feed && keyText(one.key) === keyText(key);
}

/** The object's row and those that it waits for, one behind the other. */
async function chainOf(feed: string, key: ObjectKey, store: FeedStore): Promise<readonly ListedRow[]> {
  const rows: ListedRow[] = [];
  const seen = new Set<string>();
  let next: ObjectKey | undefined = key;
  while (next !== undefined && !seen.has(keyText(next))) {
    seen.add(keyText(next));
    const row = await store.parked.find(feed, next);
    if (row === undefined) break;
    rows.push(withoutPayload(row));
    next = row.why.state === 'waiting' ? row.why.on : undefined;
  }
  return rows;
}

function withoutPayload(row: ListedRow & { readonly payload?: unknown }): ListedRow {
  const { payload: _, ...listed } = row;
  return listed;
}
