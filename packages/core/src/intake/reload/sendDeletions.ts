import { isIncident } from '../../contract/ObjectKey.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { Feed } from '../../delivery/Feed.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { Logger } from '../../contract/Logger.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { EventFactory } from '../../source/EventFactory.js';
import type { SourceTime } from '../../source/SourceTime.js';
import { submit } from '../submit.js';
import type { WantedTypes } from '../../source/incidents/incidentParts.js';
import type { ReloadTally } from './ReloadReport.js';
import type { GoneObject } from './RunRecord.js';

export interface DeletionServices {
  readonly feeds: readonly Feed[];
  readonly events: EventFactory;
  readonly catalog: TypeCatalog;
  readonly log: Logger;
  readonly time: SourceTime;
  readonly wants: WantedTypes;
  readonly runId: string;
  readonly tally: ReloadTally;
  readonly signal: AbortSignal;
}

interface Deletion {
  readonly key: ObjectKey;
  readonly taskId?: number;
}

/**
 * Deletes what is gone at the source, through the same door as the queue's deletes. Returns how many objects were
 * handed to at least one feed.
 */
export async function sendDeletions(gone: readonly GoneObject[], services: DeletionServices): Promise<number> {
  const handed = new Set<GoneObject>();
  for (const object of gone) {
    for (const feed of services.feeds.filter(({ name }) => object.feeds.includes(name))) {
      services.signal.throwIfAborted();
      await feed.room(object.key.incidentId);
      const deletions = isIncident(object.key) ? await incidentWithObjects(object.key, feed, services.wants) : [object];
      const events = await Promise.all(deletions.map((deletion) => eventOf(deletion, services)));
      // Their lane keeps this order: a target that deletes an incident with everything in it has nothing left to do.
      const ends = events.flatMap((event) => (event === undefined ? [] : [send(event, feed, services)]));
      await Promise.all(ends);
      if (ends.length > 0) handed.add(object);
    }
  }
  return handed.size;
}

/** Only the feed's own records know the objects of a gone incident. */
async function incidentWithObjects(key: ObjectKey, feed: Feed, wants: WantedTypes): Promise<readonly Deletion[]> {
  const known = await feed.known({
    orgId: key.orgId,
    minIncidentId: key.incidentId,
    maxIncidentId: key.incidentId,
  });
  const objects = known.filter((object) => !isIncident(object.key) && wants(object.key.type));
  return wants('incident') ? [{ key }, ...objects] : objects;
}

/** `undefined`: the table itself was deleted at the source, so the schema of its rows is unknown. */
async function eventOf(
  { key, taskId }: Deletion,
  { catalog, events, runId, time }: DeletionServices,
): Promise<FeedEvent | undefined> {
  const schema = await catalog.named(key.type);
  if (schema === undefined) return undefined;
  return events.make({
    id: `${runId}:gone:${key.type}:${key.objectId}`,
    origin: 'reload',
    operation: 'delete',
    schema,
    payload: { id: key.objectId, ...(taskId === undefined ? {} : { task_id: taskId }) },
    objectId: key.objectId,
    incidentId: key.incidentId,
    workspace: '',
    observedAtMs: time.now(),
  });
}

async function send(event: FeedEvent, feed: Feed, { log, tally }: DeletionServices): Promise<void> {
  log.info(`Deleted at the source without a message: ${event.key.type} ${event.key.objectId}.`, {
    ...event.key,
    feed: feed.name,
  });
  tally.removed(await submit(event, [feed]));
}
