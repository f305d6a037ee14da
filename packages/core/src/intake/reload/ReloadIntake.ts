import { randomUUID } from 'node:crypto';
import type { SoarClient } from '@soar-feed/soar-client';
import pLimit from 'p-limit';
import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { CheckpointStore } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { backoffMs } from '../../delivery/backoff.js';
import { classify } from '../../delivery/classify.js';
import type { Settled } from '../../delivery/Entry.js';
import type { Feed } from '../../delivery/Feed.js';
import { durably } from '../../parking/durably.js';
import type { DurablyContext } from '../../parking/durably.js';
import type { FeedRouter } from '../../routing/FeedRouter.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { EventFactory } from '../../source/EventFactory.js';
import { submit } from '../submit.js';
import { incidentEvents } from './incidentEvents.js';
import type { ReadObject, WantedTypes } from './readIncident.js';
import { readIncident } from './readIncident.js';
import type { ReloadReport } from './ReloadReport.js';
import { ReloadTally } from './ReloadReport.js';
import { searchIncidents } from './searchIncidents.js';
import type { ReloadRange } from './SyncRequest.js';
import { Watermark } from './Watermark.js';

/** Incident ids per search request, as IBM's feed asks. */
const SEARCH_BLOCK = 50;
/** Incidents read from the database at once by the query method. */
const READERS = 8;
/** Tries of one read of the source that may succeed later, before it counts as a fault of the source. */
const READ_TRIES = 6;

export interface ReloadServices {
  readonly client: SoarClient;
  readonly catalog: TypeCatalog;
  readonly events: EventFactory;
  readonly router: FeedRouter;
  readonly checkpoints: CheckpointStore;
  readonly durably: DurablyContext;
  readonly log: Logger;
  readonly clock: Clock;
  readonly pageSize: number;
}

export interface ReloadRun {
  /** Only these feeds, whatever the routing says: a resync of one feed. Absent = as routed. */
  readonly feeds?: readonly Feed[];
  readonly onProgress?: (progress: { readonly incidents: number; readonly objects: number }) => void;
  /** Writes how far it came under this name. */
  readonly checkpoint?: string;
  readonly signal: AbortSignal;
}

type Incident = SoarObject & { readonly id: number };

/** Loads a range of incidents with all their objects, page by page, through the same door as the queue's events. */
export class ReloadIntake {
  constructor(private readonly services: ReloadServices) {}

  /** Resolves when everything that was read has settled. Throws when the source's incidents cannot be listed at all. */
  async run(range: ReloadRange, run: ReloadRun): Promise<ReloadReport> {
    const { clock, client, pageSize } = this.services;
    const reading = new Reading(this.services, range, run);
    try {
      const query = {
        minId: range.minIncidentId,
        ...(range.maxIncidentId === undefined ? {} : { maxId: range.maxIncidentId }),
        pageSize,
      };
      let requestedAtMs = clock.now();
      for await (const page of client.incidents.pages(query, { signal: run.signal })) {
        for (let at = 0; at < page.length; at += SEARCH_BLOCK) {
          await reading.block(page.slice(at, at + SEARCH_BLOCK), requestedAtMs);
        }
        await reading.checkpoint();
        requestedAtMs = clock.now();
      }
    } catch (error) {
      if (!run.signal.aborted && !(error instanceof StoppingError)) {
        await reading.settled();
        throw error;
      }
    }
    await reading.settled();
    await reading.checkpoint();
    return reading.tally.report(clock.now(), run.signal.aborted);
  }
}

/** One run of a reload. */
class Reading {
  readonly tally: ReloadTally;
  private readonly runId = `reload:${randomUUID()}`;
  private readonly startedAtMs: number;
  private readonly watermark = new Watermark();
  private readonly wants: WantedTypes;
  private readonly underWay = new Set<Promise<void>>();
  private written: number | undefined;

  constructor(
    private readonly services: ReloadServices,
    private readonly range: ReloadRange,
    private readonly options: ReloadRun,
  ) {
    this.startedAtMs = services.clock.now();
    this.tally = new ReloadTally(this.startedAtMs);
    this.wants = (type) => range.types.length === 0 || range.types.includes(type);
  }

  /** Reads the objects of up to 50 incidents and hands them over as the lanes have room. */
  async block(incidents: readonly Incident[], pageRequestedAtMs: number): Promise<void> {
    for (const incident of incidents) this.watermark.begin(incident.id);
    if (this.range.method === 'query') {
      await this.readEach(incidents, pageRequestedAtMs);
      return;
    }
    const { client, catalog, log } = this.services;
    const ids = incidents.map((incident) => incident.id);
    try {
      const found = await this.tryRead(() => searchIncidents(client, catalog, ids, this.wants));
      for (const incident of incidents) await this.hand(incident, found.get(incident.id) ?? [], pageRequestedAtMs);
    } catch (error) {
      if (error instanceof StoppingError || this.options.signal.aborted) throw error;
      log.warn(`The search of incidents ${ids[0]} to ${ids.at(-1)} failed; they are read one by one: ${String(error)}`);
      await this.readEach(incidents, pageRequestedAtMs);
    }
  }

  /** Resolves when everything handed over has settled. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  async checkpoint(): Promise<void> {
    const { checkpoint: name } = this.options;
    const incidentId = this.watermark.settledUpTo;
    if (name === undefined || incidentId === undefined || incidentId === this.written) return;
    await durably(this.services.durably, 'checkpoint', () =>
      this.services.checkpoints.write(name, { incidentId, startedAtMs: this.startedAtMs }),
    );
    this.written = incidentId;
  }

  private async readEach(incidents: readonly Incident[], pageRequestedAtMs: number): Promise<void> {
    const { client, catalog, log } = this.services;
    const limit = pLimit(READERS);
    await Promise.all(
      incidents.map((incident) =>
        limit(async () => {
          try {
            const objects = await this.tryRead(() => readIncident(client, catalog, incident.id, this.wants));
            await this.hand(incident, objects, pageRequestedAtMs);
          } catch (error) {
            if (error instanceof StoppingError || this.options.signal.aborted) throw error;
            const message = error instanceof Error ? error.message : String(error);
            this.tally.fault({ incidentId: incident.id, message });
            log.error(`The objects of incident ${incident.id} could not be read: ${message}`, { incidentId: incident.id });
            await this.hand(incident, [], pageRequestedAtMs);
          }
        }),
      ),
    );
  }

  private async hand(incident: Incident, objects: readonly ReadObject[], requestedAtMs: number): Promise<void> {
    const { router, events, catalog } = this.services;
    await Promise.all((this.options.feeds ?? router.feeds).map((feed) => feed.room()));
    this.options.signal.throwIfAborted();
    const schema = (await catalog.named('incident')) as TypeSchema;
    const reading = { runId: this.runId, incident, schema, objects, wants: this.wants, requestedAtMs };
    const work = this.sendAll(incident.id, incidentEvents(events, reading), requestedAtMs);
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  private async sendAll(
    incidentId: number,
    sent: ReturnType<typeof incidentEvents>,
    requestedAtMs: number,
  ): Promise<void> {
    const ends = sent.map(async ({ event, countsAsObject }) => {
      const feeds = this.options.feeds ?? this.services.router.feedsFor(event);
      const settled: readonly Settled[] = await submit(event, feeds, { requestedAtMs });
      this.tally.sent(event, settled, countsAsObject);
    });
    const results = await Promise.allSettled(ends);
    const refused = results.find((result) => result.status === 'rejected');
    // A refused event (the host stops) keeps the watermark below its incident: the next run sends it again.
    if (refused === undefined) this.watermark.pass(incidentId);
    this.options.onProgress?.(this.tally.progress);
  }

  /** Waits out what may pass by itself; the source can be away for a while. */
  private async tryRead<T>(read: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      this.options.signal.throwIfAborted();
      try {
        return await read();
      } catch (error) {
        const verdict = classify(error);
        if (verdict.move !== 'retry' && verdict.move !== 'pause') throw error;
        if (attempt >= READ_TRIES) throw error;
        await this.services.clock.sleep(backoffMs(attempt, 'retryAfterMs' in verdict ? verdict.retryAfterMs : undefined), this.options.signal);
      }
    }
  }
}
