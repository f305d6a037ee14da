import type { SoarClient } from '@soar-feed/soar-client';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { SourceOrg } from '../../contract/SourceOrg.js';
import { EMAIL_TYPE } from '../../contract/TypeSchema.js';
import { isPlatformId } from '../../contract/platformId.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { IncidentPart, ReadObject, WantedTypes } from './incidentParts.js';
import type { Incident, IncidentPage, IncidentSource, Listing, ListingQuery } from './IncidentSource.js';
import { EmailSearch } from './EmailSearch.js';
import { searchIncidents } from './searchIncidents.js';

/** Reads incidents with the client of the source; each question is one attempt. */
export class ClientIncidents implements IncidentSource {
  constructor(
    private readonly client: SoarClient,
    private readonly catalog: TypeCatalog,
    private readonly source: Pick<SourceOrg, 'fetch'>,
    private readonly signal: AbortSignal,
    private readonly emails = new EmailSearch(client, catalog),
  ) {}

  list(query: ListingQuery): Listing {
    return new ClientListing(this.client, query, this.signal);
  }

  async ids(query: ListingQuery): Promise<readonly number[]> {
    const { signal } = this;
    const walk = this.client.incidents.pages({ ...query, returnLevel: 'partial' }, { signal })[Symbol.asyncIterator]();
    const first = await walk.next();
    return first.done === true ? [] : first.value.map(({ id }) => id).filter(isPlatformId);
  }

  incident(id: number): Promise<Incident> {
    return this.client.incidents.get(id, { signal: this.signal });
  }

  async search(
    incidentIds: readonly number[],
    wants: WantedTypes,
  ): Promise<ReadonlyMap<number, readonly ReadObject[]>> {
    const options = { signal: this.signal };
    const found = await searchIncidents(this.client, this.catalog, incidentIds, wants, options);
    if (!wants(EMAIL_TYPE)) return found;
    const emails = await this.emails.of(incidentIds, options);
    return new Map([...found].map(([id, objects]) => [id, [...objects, ...(emails.get(id) ?? [])]]));
  }

  part(part: IncidentPart, incidentId: number, wants: WantedTypes): Promise<readonly ReadObject[]> {
    const { client, catalog, emails, signal } = this;
    return part.read({ client, catalog, incidentId, wants, emails, options: { signal } });
  }

  object(key: ObjectKey, parent?: ObjectKey): Promise<SoarObject | undefined> {
    return this.source.fetch(key, parent);
  }
}

class ClientListing implements Listing {
  private walk: AsyncIterator<readonly Incident[]> | undefined;
  private fromHereOn: number | undefined;

  constructor(
    private readonly client: SoarClient,
    private readonly query: ListingQuery,
    private readonly signal: AbortSignal,
  ) {}

  async page(fromId: number): Promise<IncidentPage> {
    this.walk ??= this.begin(fromId);
    try {
      const next = await this.walk.next();
      const incidents = next.done === true ? [] : next.value;
      const { fromHereOn } = this;
      this.fromHereOn = undefined;
      return fromHereOn === undefined ? { incidents } : { incidents, fromHereOn };
    } catch (error) {
      // A walk that threw is over.
      this.walk = undefined;
      throw error;
    }
  }

  restart(): void {
    this.walk = undefined;
  }

  private begin(minId: number): AsyncIterator<readonly Incident[]> {
    const onCount = (count: number): void => void (this.fromHereOn = count);
    const { signal } = this;
    return this.client.incidents.pages({ ...this.query, minId, onCount }, { signal })[Symbol.asyncIterator]();
  }
}
