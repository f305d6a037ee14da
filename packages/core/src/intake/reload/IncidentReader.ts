import pLimit from 'p-limit';
import type { Logger } from '../../contract/Logger.js';
import { INDEX_LAG_MS } from '../../lanes/judgeFreshness.js';
import type { SourceTime } from '../../source/SourceTime.js';
import type { ReadObject, WantedTypes } from '../../source/incidents/incidentParts.js';
import type { Incident, IncidentSource } from '../../source/incidents/IncidentSource.js';
import { isGone } from '../../source/isGone.js';
import { messageOf } from '../../trouble/messageOf.js';
import type { PartReader } from './PartReader.js';
import type { SourceFault } from './ReloadReport.js';

/** Incidents per search request, as in IBM's feed. */
const SEARCH_BLOCK = 50;
/** Incidents read from the database at once by the query method. */
const READERS = 8;

export interface ReaderServices {
  readonly source: IncidentSource;
  readonly parts: PartReader;
  readonly log: Logger;
  readonly time: SourceTime;
  readonly signal: AbortSignal;
}

/** One incident with the objects of the wanted types. */
export interface IncidentObjects {
  readonly incident: Incident;
  readonly objects: readonly ReadObject[];
  /** No older state of the source than this; ms, source clock. */
  readonly asOfMs: number;
  /** Parts of its objects that could not be read. */
  readonly faults: readonly SourceFault[];
}

/** Takes one incident that was read; resolves when it is ready for the next. */
export type Hand = (read: IncidentObjects) => Promise<void>;

/** Reads the objects of a page's incidents and hands each incident on as soon as it is whole. */
export class IncidentReader {
  constructor(
    private readonly services: ReaderServices,
    private readonly wants: WantedTypes,
  ) {}

  /** 50 incidents per request, from the search index. If a search fails, its incidents are read from the database. */
  async search(incidents: readonly Incident[], hand: Hand, onGone: (incident: Incident) => void): Promise<void> {
    const { source, log, time, signal } = this.services;
    for (let at = 0; at < incidents.length; at += SEARCH_BLOCK) {
      const block = incidents.slice(at, at + SEARCH_BLOCK);
      const ids = block.map((incident) => incident.id);
      const asked = time.mark();
      let found: Map<number, readonly ReadObject[]>;
      try {
        found = new Map(await source.search(ids, this.wants));
      } catch (error) {
        signal.throwIfAborted();
        log.warn(
          `The search of incidents ${ids[0]} to ${ids.at(-1)} failed; they are read one by one: ${messageOf(error)}`,
        );
        await this.each(block, hand, onGone);
        continue;
      }
      const asOfMs = asked() - INDEX_LAG_MS;
      for (const incident of block) {
        const objects = found.get(incident.id) ?? [];
        // A block may be thousands of objects: what is handed on is not held any longer.
        found.delete(incident.id);
        await hand({ incident, objects, asOfMs, faults: [] });
      }
    }
  }

  /** Each incident by its own requests, from the database. */
  async each(incidents: readonly Incident[], hand: Hand, onGone: (incident: Incident) => void): Promise<void> {
    const limit = pLimit(READERS);
    const ids = incidents.map(({ id }) => id);
    const reads = incidents.map((incident, at) =>
      limit(() => this.one(incident, ids.slice(Math.max(0, at - 1), at + 2), hand, onGone)),
    );
    // Nothing is thrown before all of them have ended: a stop must not leave readers running.
    const failed = (await Promise.allSettled(reads)).find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async one(
    incident: Incident,
    neighbours: readonly number[],
    hand: Hand,
    onGone: (incident: Incident) => void,
  ): Promise<void> {
    const { parts, time, signal } = this.services;
    signal.throwIfAborted();
    const asked = time.mark();
    const { objects, faults, notFound } = await parts.read(incident.id, neighbours, this.wants);
    if (notFound && (await this.isGone(incident.id))) return onGone(incident);
    parts.tell(faults);
    return hand({ incident, objects, asOfMs: asked(), faults });
  }

  /** It was deleted after it was listed. Its delete comes by the queue, or the reconciliation finds it. */
  private async isGone(incidentId: number): Promise<boolean> {
    const { source, signal } = this.services;
    try {
      await source.incident(incidentId);
      return false;
    } catch (own) {
      signal.throwIfAborted();
      return isGone(own);
    }
  }
}
