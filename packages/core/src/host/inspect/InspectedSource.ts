import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { incidentEvents } from '../../intake/reload/incidentEvents.js';
import { sourceTypes } from '../../shape/sourceTypes.js';
import { TypeCatalog } from '../../shape/TypeCatalog.js';
import { EventFactory } from '../../source/EventFactory.js';
import type { ReadObject } from '../../source/incidents/incidentParts.js';
import type { Incident } from '../../source/incidents/IncidentSource.js';
import { SourceReader } from '../../source/SourceReader.js';
import { systemClock } from '../systemClock.js';

/** The source, to be read for people: nothing is fed from it. */
export class InspectedSource {
  readonly reader: SourceReader;
  readonly catalog: TypeCatalog;
  private readonly events: EventFactory;

  constructor(
    readonly client: SoarClient,
    emails: boolean,
  ) {
    this.catalog = new TypeCatalog(async () => sourceTypes(await client.types.all(), emails), systemClock);
    this.events = new EventFactory(client);
    this.reader = new SourceReader(client, this.catalog, this.events, systemClock);
  }

  /** As the database has it; `undefined`: the source has no such incident, or does not show it. */
  async incident(id: number): Promise<FeedEvent | undefined> {
    try {
      const [event] = await this.eventsOf(await this.client.incidents.get(id), []);
      return event;
    } catch (error) {
      if (SoarApiError.is(error) && error.status === 404) return undefined;
      throw error;
    }
  }

  /** An object below an incident, as the database has it; `undefined` if it is gone. */
  async object(key: ObjectKey, incident: FeedEvent | undefined, taskId?: number): Promise<FeedEvent | undefined> {
    return this.reader.discover(key, incident?.workspace ?? '', taskId);
  }

  /** The events of an incident and its objects, the incident first. */
  async eventsOf(incident: Incident, objects: readonly ReadObject[]): Promise<readonly FeedEvent[]> {
    const named = await this.catalog.named('incident');
    if (named === undefined) throw new Error('The source has no type "incident".');
    const schema = await this.catalog.knowing(named, incident);
    const nowMs = systemClock.now() + this.client.clock.offsetMs;
    const made = incidentEvents(this.events, {
      ...{ incident, schema, objects, runId: 'inspect', requestedAtMs: nowMs, objectsAsOfMs: nowMs },
      wants: () => true,
      onOdd: () => undefined,
    });
    return made.filter(({ countsAsObject }) => countsAsObject).map(({ event }) => event);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
