import type { IncidentQuery } from '@soar-feed/soar-client';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { IncidentPart, ReadObject, WantedTypes } from './incidentParts.js';

export type Incident = SoarObject & { readonly id: number };

export type ListingQuery = IncidentQuery & { readonly pageSize: number };

export interface IncidentPage {
  /** As the source gave them; none: there are no more. */
  readonly incidents: readonly Incident[];
  /** Incidents from here on, as the source counts them; absent where it does not say. */
  readonly fromHereOn?: number;
}

/** One walk through the incidents of a query, by ascending id. */
export interface Listing {
  /** The page that begins at this id. */
  page(fromId: number): Promise<IncidentPage>;
  /** The next page does not follow the last one: a new walk begins. */
  restart(): void;
}

/** What a reload reads from the source. Every method throws what the client throws. */
export interface IncidentSource {
  list(query: ListingQuery): Listing;
  /** The valid ids on the first page of a query. */
  ids(query: ListingQuery): Promise<readonly number[]>;
  incident(id: number): Promise<Incident>;
  /** Objects of up to 50 incidents, by incident, from the search index. */
  search(incidentIds: readonly number[], wants: WantedTypes): Promise<ReadonlyMap<number, readonly ReadObject[]>>;
  /** One part of an incident, from the database. `neighbours`: incidents that are likely to be there. */
  part(
    part: IncidentPart,
    incidentId: number,
    wants: WantedTypes,
    neighbours: readonly number[],
  ): Promise<readonly ReadObject[]>;
  /** `undefined`: it is gone, or is in another incident. */
  object(key: ObjectKey, parent?: ObjectKey): Promise<SoarObject | undefined>;
}
