import type { Clock } from '../../contract/Clock.js';
import type { Logger } from '../../contract/Logger.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import { IncidentReader } from '../../intake/reload/IncidentReader.js';
import type { IncidentObjects } from '../../intake/reload/IncidentReader.js';
import { listIncidents } from '../../intake/reload/listIncidents.js';
import { PartReader } from '../../intake/reload/PartReader.js';
import type { SourceFault } from '../../intake/reload/ReloadReport.js';
import { openPatiently } from '../../source/patience/openIncidents.js';
import { SourceTime } from '../../source/SourceTime.js';
import type { InspectedSource } from './InspectedSource.js';

export interface Walk {
  /** Inclusive. */
  readonly minIncidentId: number;
  /** Inclusive; absent: to the last. */
  readonly maxIncidentId?: number;
  /** As of a reload: from the search index, or part by part from the database. */
  readonly method: 'search' | 'query';
  readonly pageSize: number;
  /** Whether the objects of an incident are wanted. */
  readonly wants: (incidentId: number) => boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An incident with all its objects. */
export interface WalkedIncident {
  readonly incidentId: number;
  /** The incident first. */
  readonly events: readonly FeedEvent[];
  /** Whether all of its objects could be read. */
  readonly whole: boolean;
}

/** A stretch of incident ids. */
export interface WalkedPage {
  readonly fromId: number;
  /** `Infinity` after the last incident. */
  readonly toId: number;
  /** Every incident that the source lists there, wanted or not. */
  readonly ids: ReadonlySet<number>;
  readonly faults: readonly SourceFault[];
}

/**
 * Reads the source as a reload does, and feeds nothing. `hand` gets each wanted incident; what it returns is waited for
 * at the end of the page. Throws when the incidents cannot be listed from the start, and when the signal is aborted.
 */
export async function* walkIncidents(
  source: InspectedSource,
  walk: Walk,
  hand: (incident: WalkedIncident) => Promise<void>,
): AsyncGenerator<WalkedPage> {
  const { client, catalog, reader } = source;
  const { log, clock, signal, minIncidentId: minId, maxIncidentId: maxId, pageSize, method } = walk;
  const incidents = openPatiently({ client, catalog, source: reader, log, clock })({ waits: 'somebody', signal });
  const time = new SourceTime(clock, client.clock);
  const parts = new PartReader({ source: incidents, catalog, log, signal });
  const objects = new IncidentReader({ source: incidents, parts, log, time, signal }, () => true);
  const query = { minId, pageSize, ...(maxId === undefined ? {} : { maxId }) };
  for await (const page of listIncidents(query, incidents, time)) {
    signal.throwIfAborted();
    const faults = [...page.faults];
    const work: Promise<void>[] = [];
    const take = async (read: IncidentObjects): Promise<void> => {
      faults.push(...read.faults);
      const events = await source.eventsOf(read.incident, read.objects);
      const handed = hand({ incidentId: read.incident.id, events, whole: read.faults.length === 0 });
      handed.catch(() => undefined); // thrown below
      work.push(handed);
    };
    const wanted = page.incidents.filter(({ id }) => walk.wants(id));
    const onGone = (): void => undefined;
    await (method === 'query' ? objects.each(wanted, take, onGone) : objects.search(wanted, take, onGone));
    await Promise.all(work);
    const { fromId, toId } = page;
    yield { fromId, toId, ids: new Set(page.incidents.map(({ id }) => id)), faults };
  }
}
