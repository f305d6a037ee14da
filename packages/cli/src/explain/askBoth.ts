import { isIncident, keyText } from '@soar-feed/core';
import type { FeedEvent, FeedStore } from '@soar-feed/core';
import type { Inspection } from '@soar-feed/core/runtime';
import type { Facts, Now } from './Facts.js';

/** What the source and the target say of the object now. Throws what connecting and reading throws. */
export async function askBoth(
  facts: Facts,
  { source, feeds }: Inspection,
  store: FeedStore,
  signal: AbortSignal,
): Promise<Now | undefined> {
  const { key, feed } = facts;
  if (source === undefined || source.reader.orgId !== key.orgId) return undefined;
  const incident = await source.incident(key.incidentId);
  const object =
    isIncident(key) || incident === undefined
      ? incident
      : await source.object(key, incident, await taskIdOf(facts, store));
  if (incident === undefined || object === undefined) return { source: 'gone' };
  const insight = feeds.find(({ name }) => name === feed)?.insight;
  if (insight === undefined) return { source: 'there' };
  const events: readonly FeedEvent[] = object === incident ? [incident] : [incident, object];
  const compared = await insight.compare({ incident: incident.key, events, whole: false }, signal);
  const of = (event: FeedEvent) => compared.find((one) => keyText(one.key) === keyText(event.key));
  const comparison = of(object);
  const ofIncident = of(incident);
  return {
    source: 'there',
    ...(comparison === undefined ? {} : { comparison }),
    ...(ofIncident === undefined || object === incident ? {} : { incident: ofIncident }),
  };
}

/** A task's note or attachment is read below its task. */
async function taskIdOf({ feed, key, parked: [row] }: Facts, store: FeedStore): Promise<number | undefined> {
  if (row?.taskId !== undefined) return row.taskId;
  const { orgId, incidentId } = key;
  const range = { orgId, minIncidentId: incidentId, maxIncidentId: incidentId };
  for await (const applied of store.settlements.applied(feed, range))
    if (keyText(applied.key) === keyText(key)) return applied.taskId;
  return undefined;
}
