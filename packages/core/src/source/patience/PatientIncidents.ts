import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { IncidentPart, ReadObject, WantedTypes } from '../incidents/incidentParts.js';
import type { Incident, IncidentSource, Listing, ListingQuery } from '../incidents/IncidentSource.js';
import { givesOtherIncidents, listsElsewhere } from './answersElsewhere.js';
import type { Patience } from './Patience.js';
import { PART_LASTING_MS, troubleOf } from './policy.js';

/**
 * The same source of incidents, asked patiently: an outage is waited out, and what the source does not give while it gives
 * others is given up. Lives as long as one reload, and remembers which parts the source gives of no incident.
 */
export class PatientIncidents implements IncidentSource {
  /** Since when no incident gives this part; ms, steady. */
  private readonly failingSince = new Map<IncidentPart, number>();
  /** Parts that are asked for once per incident, without patience. */
  private readonly lost = new Set<IncidentPart>();

  constructor(
    private readonly source: IncidentSource,
    private readonly patience: Patience,
    private readonly clock: Clock,
  ) {}

  list(query: ListingQuery): Listing {
    const listing = this.source.list(query);
    return {
      page: (fromId) =>
        this.patience.ask(
          `Incidents from ${fromId} on`,
          () => listing.page(fromId),
          () => listsElsewhere(this.source, [0, fromId + query.pageSize]),
        ),
      restart: () => listing.restart(),
    };
  }

  ids(query: ListingQuery): Promise<readonly number[]> {
    return this.ask(`The ids of the incidents from ${query.minId ?? 0} on`, () => this.source.ids(query));
  }

  incident(id: number): Promise<Incident> {
    return this.ask(`Incident ${id}`, () => this.source.incident(id));
  }

  search(incidentIds: readonly number[], wants: WantedTypes): Promise<ReadonlyMap<number, readonly ReadObject[]>> {
    const span = `incidents ${incidentIds[0]} to ${incidentIds.at(-1)}`;
    return this.ask(`The search of ${span}`, () => this.source.search(incidentIds, wants));
  }

  object(key: ObjectKey, parent?: ObjectKey): Promise<SoarObject | undefined> {
    return this.ask(`${key.type} ${key.objectId}`, () => this.source.object(key, parent));
  }

  async part(
    part: IncidentPart,
    incidentId: number,
    wants: WantedTypes,
    neighbours: readonly number[],
  ): Promise<readonly ReadObject[]> {
    const read = (id = incidentId): Promise<readonly ReadObject[]> => this.source.part(part, id, wants, neighbours);
    const objects =
      (await this.readLost(part, read)) ??
      (await this.patience.ask(
        `The ${part.name} of incident ${incidentId}`,
        () => read(),
        () => this.givesElsewhere(part, incidentId, neighbours, read),
      ));
    this.failingSince.delete(part);
    this.lost.delete(part);
    return objects;
  }

  private ask<T>(what: string, question: () => Promise<T>): Promise<T> {
    return this.patience.ask(what, question, () => listsElsewhere(this.source, [0]));
  }

  private async givesElsewhere(
    part: IncidentPart,
    incidentId: number,
    neighbours: readonly number[],
    read: (id: number) => Promise<unknown>,
  ): Promise<boolean> {
    if (this.lost.has(part)) return true;
    try {
      const isGiven = await givesOtherIncidents(this.source, incidentId, neighbours, read);
      if (isGiven) this.failingSince.delete(part);
      return isGiven;
    } catch (error) {
      if (error instanceof StoppingError) throw error;
      if (await this.isLost(part)) return true;
      throw error;
    }
  }

  /** `undefined`: read it with patience. */
  private async readLost(
    part: IncidentPart,
    read: () => Promise<readonly ReadObject[]>,
  ): Promise<readonly ReadObject[] | undefined> {
    if (!this.lost.has(part)) return undefined;
    try {
      return await read();
    } catch (error) {
      if (troubleOf(error) !== 'away') throw error;
      return undefined;
    }
  }

  /** Whether we do without it from now on: no incident has given it for too long, while the source lists them. */
  private async isLost(part: IncidentPart): Promise<boolean> {
    const sinceMs = this.failingSince.get(part) ?? this.clock.steadyMs();
    this.failingSince.set(part, sinceMs);
    if (this.clock.steadyMs() - sinceMs < PART_LASTING_MS || !(await listsElsewhere(this.source, [0]))) return false;
    this.lost.add(part);
    return true;
  }
}
