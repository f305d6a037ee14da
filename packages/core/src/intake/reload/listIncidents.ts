import type { IncidentQuery, SoarClient } from '@soar-feed/soar-client';
import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarObject } from '../../contract/FeedEvent.js';
import { isPlatformId, shown } from '../../shape/platformId.js';
import type { SourceTime } from '../../source/SourceTime.js';
import { listsElsewhere } from './answersElsewhere.js';
import type { Patience } from './Patience.js';
import { messageOf } from './Patience.js';
import type { SourceFault } from './ReloadReport.js';

export type Incident = SoarObject & { readonly id: number };

/** A stretch of incident ids, and all that the source has in it. */
export interface ListedPage {
  /** Inclusive. */
  readonly fromId: number;
  /** Inclusive; `Infinity` behind the last incident there is. */
  readonly toId: number;
  readonly incidents: readonly Incident[];
  /** As the source counts them: incidents from `fromId` on; absent where it does not say. */
  readonly fromHereOn?: number;
  /** Before the request was sent; ms, source clock. */
  readonly requestedAtMs: number;
  /** What of the stretch could not be read. */
  readonly faults: readonly SourceFault[];
}

export interface ListingServices {
  readonly client: SoarClient;
  readonly patience: Patience;
  readonly time: SourceTime;
  readonly signal: AbortSignal;
}

/** Stretches in a row that cannot be listed at all, after which the rest is given up. */
const LOST_STRETCHES = 3;

/**
 * Every incident of the query by ascending id, in stretches without a gap between them. A page that keeps failing is
 * read again incident by incident; where not even the ids can be had, the stretch is passed over as a fault. Throws
 * when nothing could be listed from the start.
 */
export async function* listIncidents(
  query: IncidentQuery & { readonly pageSize: number },
  services: ListingServices,
): AsyncGenerator<ListedPage> {
  const { client, patience, time, signal } = services;
  const { minId = 0, maxId = Infinity } = query;
  let fromId = minId;
  let walk: AsyncIterator<readonly Incident[]> | undefined;
  let lost = 0;
  let fromHereOn: number | undefined;
  const onCount = (count: number): void => void (fromHereOn = count);
  while (fromId <= maxId) {
    const asked = time.mark();
    let incidents: readonly Incident[] | undefined;
    let faults: readonly SourceFault[] = [];
    let toId: number;
    try {
      const askedFromId = fromId;
      const elsewhere = () => listsElsewhere(client, [0, askedFromId + query.pageSize], { signal });
      const page = async (): Promise<readonly Incident[]> => {
        walk ??= client.incidents.pages({ ...query, minId: fromId, onCount }, { signal })[Symbol.asyncIterator]();
        try {
          const next = await walk.next();
          return next.done === true ? [] : next.value;
        } catch (error) {
          walk = undefined; // a walk that threw is over
          throw error;
        }
      };
      incidents = await patience.read(`Incidents from ${fromId} on`, page, elsewhere);
      const odd = incidents.filter(({ id }) => !isPlatformId(id));
      if (odd.length > 0) {
        // Where the source would go on behind an id that is none is its own guess.
        walk = undefined;
        incidents = incidents.filter(({ id }) => isPlatformId(id));
        const message = `The source gave an incident with the id ${odd.map(({ id }) => shown(id)).join(', ')}`;
        faults = [incidents.length > 0 ? { message } : { minIncidentId: fromId, message }];
      }
      toId = incidents.at(-1)?.id ?? maxId;
    } catch (error) {
      signal.throwIfAborted();
      const page = await oneByOne({ ...query, minId: fromId }, services);
      walk = undefined;
      if (page === undefined) {
        if (fromId === minId && lost === 0) throw error;
        lost += 1;
        toId = lost < LOST_STRETCHES ? Math.min(maxId, fromId + query.pageSize - 1) : maxId;
        faults = [
          { minIncidentId: fromId, ...(toId === Infinity ? {} : { maxIncidentId: toId }), message: messageOf(error) },
        ];
      } else {
        incidents = page.incidents;
        faults = page.faults;
        toId = page.lastId ?? maxId;
      }
    }
    if (incidents !== undefined) lost = 0;
    const counted = fromHereOn === undefined ? {} : { fromHereOn };
    fromHereOn = undefined;
    yield { fromId, toId, incidents: incidents ?? [], ...counted, requestedAtMs: asked(), faults };
    if (toId >= maxId) return; // also when both are Infinity
    fromId = toId + 1;
  }
}

/** One page by its ids and a read of each; `undefined` when not even the ids can be listed. */
async function oneByOne(
  query: IncidentQuery,
  { client, patience, signal }: ListingServices,
): Promise<
  | {
      readonly incidents: readonly Incident[];
      readonly faults: readonly SourceFault[];
      readonly lastId: number | undefined;
    }
  | undefined
> {
  const elsewhere = () => listsElsewhere(client, [0], { signal });
  const listIds = async (): Promise<readonly number[]> => {
    const walk = client.incidents.pages({ ...query, returnLevel: 'partial' }, { signal })[Symbol.asyncIterator]();
    const first = await walk.next();
    return first.done === true ? [] : first.value.map(({ id }) => id).filter(isPlatformId);
  };
  let ids: readonly number[];
  try {
    ids = await patience.read(`The ids of the incidents from ${query.minId ?? 0} on`, listIds, elsewhere);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
  const incidents: Incident[] = [];
  const faults: SourceFault[] = [];
  for (const id of ids) {
    try {
      incidents.push(await patience.read(`Incident ${id}`, () => client.incidents.get(id, { signal }), elsewhere));
    } catch (error) {
      signal.throwIfAborted();
      if (!isGone(error)) faults.push({ incidentId: id, message: messageOf(error) });
    }
  }
  return { incidents, faults, lastId: ids.at(-1) };
}

export function isGone(error: unknown): boolean {
  return SoarApiError.is(error) && error.status === 404;
}
