import { StoppingError } from '../../contract/errors.js';
import { isPlatformId, shown } from '../../contract/platformId.js';
import type { Incident, IncidentSource, ListingQuery } from '../../source/incidents/IncidentSource.js';
import { isGone } from '../../source/isGone.js';
import type { SourceTime } from '../../source/SourceTime.js';
import { messageOf } from '../../trouble/messageOf.js';
import type { SourceFault } from './ReloadReport.js';

/** A stretch of incident ids, and everything that the source has in it. */
export interface ListedPage {
  /** Inclusive. */
  readonly fromId: number;
  /** Inclusive; `Infinity` after the last incident. */
  readonly toId: number;
  readonly incidents: readonly Incident[];
  /** As the source counts them: incidents from `fromId` on; absent where it does not say. */
  readonly fromHereOn?: number;
  /** Before the request was sent; ms, source clock. */
  readonly requestedAtMs: number;
  /** Parts of the stretch that could not be read. */
  readonly faults: readonly SourceFault[];
}

/** Stretches in a row that cannot be listed at all, after which the rest is given up. */
const LOST_STRETCHES = 3;

type Stretch = Pick<ListedPage, 'toId' | 'incidents' | 'faults' | 'fromHereOn'>;

/**
 * Every incident of the query by ascending id, in stretches without a gap between them. A page that keeps failing is
 * read again incident by incident; where not even the ids can be listed, the stretch is passed over as a fault. Throws
 * when nothing could be listed from the start, and `StoppingError`.
 */
export async function* listIncidents(
  query: ListingQuery,
  source: IncidentSource,
  time: SourceTime,
): AsyncGenerator<ListedPage> {
  const { minId = 0, maxId = Infinity } = query;
  const listing = source.list(query);
  let fromId = minId;
  let lost = 0;
  while (fromId <= maxId) {
    const asked = time.mark();
    let stretch: Stretch;
    try {
      const { incidents, ...counted } = await listing.page(fromId);
      const odd = incidents.filter(({ id }) => !isPlatformId(id));
      // After something that is not an id, nobody knows where the source would go on.
      if (odd.length > 0) listing.restart();
      stretch = { ...withoutOdd(incidents, odd, fromId, maxId), ...counted };
      lost = 0;
    } catch (error) {
      if (error instanceof StoppingError) throw error;
      const page = await oneByOne({ ...query, minId: fromId }, source);
      listing.restart();
      if (page === undefined) {
        if (fromId === minId && lost === 0) throw error;
        lost += 1;
        const toId = lost < LOST_STRETCHES ? Math.min(maxId, fromId + query.pageSize - 1) : maxId;
        const end = toId === Infinity ? {} : { maxIncidentId: toId };
        stretch = { toId, incidents: [], faults: [{ minIncidentId: fromId, ...end, message: messageOf(error) }] };
      } else {
        lost = 0;
        stretch = { toId: page.lastId ?? maxId, incidents: page.incidents, faults: page.faults };
      }
    }
    yield { fromId, ...stretch, requestedAtMs: asked() };
    if (stretch.toId >= maxId) return; // also when both are Infinity
    fromId = stretch.toId + 1;
  }
}

function withoutOdd(all: readonly Incident[], odd: readonly Incident[], fromId: number, maxId: number): Stretch {
  if (odd.length === 0) return { toId: all.at(-1)?.id ?? maxId, incidents: all, faults: [] };
  const incidents = all.filter(({ id }) => isPlatformId(id));
  const message = `The source gave an incident with the id ${odd.map(({ id }) => shown(id)).join(', ')}`;
  const fault = incidents.length > 0 ? { message } : { minIncidentId: fromId, message };
  return { toId: incidents.at(-1)?.id ?? maxId, incidents, faults: [fault] };
}

/** One page by its ids and a read of each; `undefined` when not even the ids can be listed. */
async function oneByOne(
  query: ListingQuery,
  source: IncidentSource,
): Promise<
  | {
      readonly incidents: readonly Incident[];
      readonly faults: readonly SourceFault[];
      readonly lastId: number | undefined;
    }
  | undefined
> {
  let ids: readonly number[];
  try {
    ids = await source.ids(query);
  } catch (error) {
    if (error instanceof StoppingError) throw error;
    return undefined;
  }
  const incidents: Incident[] = [];
  const faults: SourceFault[] = [];
  for (const id of ids) {
    try {
      incidents.push(await source.incident(id));
    } catch (error) {
      if (error instanceof StoppingError) throw error;
      if (!isGone(error)) faults.push({ incidentId: id, message: messageOf(error) });
    }
  }
  return { incidents, faults, lastId: ids.at(-1) };
}
