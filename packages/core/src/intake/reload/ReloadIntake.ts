import type { SoarClient } from '@soar-feed/soar-client';
import { surroundings } from '@soar-feed/soar-client';
import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import type { Feed } from '../../delivery/Feed.js';
import type { FeedRouter } from '../../routing/FeedRouter.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { EventFactory } from '../../source/EventFactory.js';
import { SourceTime } from '../../source/SourceTime.js';
import { Handover } from './Handover.js';
import { IncidentReader } from './IncidentReader.js';
import type { IncidentObjects } from './IncidentReader.js';
import { listIncidents } from './listIncidents.js';
import type { ListedPage } from './listIncidents.js';
import type { WantedTypes } from '../../source/incidents/incidentParts.js';
import type { Incident, IncidentSource } from '../../source/incidents/IncidentSource.js';
import type { IncidentsAsker, OpenIncidents } from '../../source/patience/openIncidents.js';
import { PartReader } from './PartReader.js';
import { Reconciliation } from './Reconciliation.js';
import type { ReloadReport } from './ReloadReport.js';
import { ReloadTally, spanOf } from './ReloadReport.js';
import type { RunRecord, RunState } from './RunRecord.js';
import { sendDeletions } from './sendDeletions.js';
import type { ReloadRange } from './SyncRequest.js';
import { ShownObjects } from './ShownObjects.js';

export interface ReloadServices {
  readonly client: SoarClient;
  readonly catalog: TypeCatalog;
  readonly events: EventFactory;
  readonly router: FeedRouter;
  /** Opens the source of incidents for one run. */
  readonly openIncidents: OpenIncidents;
  readonly log: Logger;
  readonly clock: Clock;
  readonly pageSize: number;
}

export interface ReloadProgress {
  readonly incidents: number;
  readonly objects: number;
  /** All incidents of the run, as the source counted them at the beginning; absent where it does not say. */
  readonly ofIncidents?: number;
  /** Everything up to this incident has settled; absent before anything has. */
  readonly settledUpTo?: number;
  /** Parts of the source that could not be read so far. */
  readonly faults: number;
}

export interface ReloadRun {
  /** Only these of the routed feeds; absent = all. */
  readonly feeds?: readonly Feed[];
  /** Records the progress; an interrupted run goes on from there. */
  readonly record?: RunRecord;
  /** Look for deletions that sent no message, and delete up to `maxDeletes` objects; absent: do not look. */
  readonly reconcile?: { readonly maxDeletes: number };
  /** Who waits for this run; default nobody. */
  readonly waits?: IncidentsAsker['waits'];
  readonly onProgress?: (progress: ReloadProgress) => void;
  /** Hears what is waited for, and `undefined` once the source answers again. */
  readonly onTrouble?: (problem: string | undefined) => void;
  readonly signal: AbortSignal;
}

/** Loads a range of incidents with all their objects, page by page, through the same door as the queue's events. */
export class ReloadIntake {
  constructor(private readonly services: ReloadServices) {}

  /** Resolves when everything that was read has settled. Throws when the source's incidents cannot be listed at all. */
  async run(range: ReloadRange, run: ReloadRun): Promise<ReloadReport> {
    const left = await run.record?.read();
    if (left !== undefined)
      this.services.log.info(`An interrupted reload goes on above incident ${left.incidentId}.`, {
        startedAt: new Date(left.startedAtMs).toISOString(),
      });
    const reading = new Reading(this.services, range, run, left);
    try {
      await reading.all();
    } catch (error) {
      await reading.rest();
      if (!run.signal.aborted && !(error instanceof StoppingError)) throw error;
    }
    return reading.report();
  }
}

/** One run of a reload. */
class Reading {
  private readonly runId = `reload:${surroundings().uuid()}`;
  private readonly range: ReloadRange;
  private readonly startedAtMs: number;
  private readonly sourceStartedAtMs: number;
  private readonly time: SourceTime;
  private readonly tally: ReloadTally;
  private readonly handover: Handover;
  private readonly source: IncidentSource;
  private readonly parts: PartReader;
  private readonly wants: WantedTypes;
  private readonly reconciliation: Reconciliation | undefined;
  /** Everything up to this id has been compared with what the feeds have. */
  private comparedUpTo: number;
  private listed = 0;
  private ofIncidents: number | undefined;

  constructor(
    private readonly services: ReloadServices,
    range: ReloadRange,
    private readonly run: ReloadRun,
    private readonly left: RunState | undefined,
  ) {
    const { client, clock, log, router } = services;
    const { signal, waits = 'nobody', onTrouble, reconcile } = run;
    const feeds = run.feeds ?? router.feeds;
    this.range = left?.changedSinceMs === undefined ? range : { ...range, changedSinceMs: left.changedSinceMs };
    this.startedAtMs = left?.startedAtMs ?? clock.now();
    this.time = new SourceTime(clock, client.clock);
    // A little too early rather than too late: the source's clock is known only approximately.
    this.sourceStartedAtMs =
      left?.sourceStartedAtMs ?? this.startedAtMs + client.clock.offsetMs - client.clock.uncertaintyMs;
    this.comparedUpTo = left?.incidentId ?? -Infinity;
    this.tally = new ReloadTally(
      clock.now(),
      this.startedAtMs,
      [...(left?.faults ?? [])],
      left?.incidentId,
      this.sourceStartedAtMs,
    );
    this.wants = (type) => range.types.length === 0 || range.types.includes(type);
    this.source = services.openIncidents({ waits, signal, ...(onTrouble === undefined ? {} : { onTrouble }) });
    this.parts = new PartReader({ ...services, source: this.source, signal });
    this.handover = new Handover({
      ...services,
      feeds,
      signal,
      tally: this.tally,
      onProgress: () => this.tellProgress(),
    });
    this.reconciliation =
      reconcile &&
      new Reconciliation(
        { feeds, orgId: client.org.id, source: this.source, log, signal },
        this.wants,
        reconcile.maxDeletes,
        left?.gone,
      );
  }

  async all(): Promise<void> {
    const { pageSize } = this.services;
    const { minIncidentId, maxIncidentId, changedSinceMs, changedChildren } = this.range;
    const onlyChanged = changedSinceMs !== undefined && changedChildren !== true;
    const query = {
      minId: this.left === undefined ? minIncidentId : this.left.incidentId + 1,
      ...(maxIncidentId === undefined ? {} : { maxId: maxIncidentId }),
      ...(onlyChanged
        ? { conditions: [{ field_name: 'inc_last_modified_date', method: 'gte' as const, value: changedSinceMs }] }
        : {}),
      pageSize,
    };
    for await (const page of listIncidents(query, this.source, this.time)) {
      await this.page(page);
      await this.record();
    }
    await this.handover.settled();
    await this.record();
    await this.deletions();
  }

  /** Waits for what is under way, and records the progress. */
  async rest(): Promise<void> {
    await this.handover.settled();
    await this.record();
  }

  report(): ReloadReport {
    return this.tally.report(this.services.clock.now(), this.run.signal.aborted);
  }

  private async page(page: ListedPage): Promise<void> {
    const { log } = this.services;
    this.count(page);
    const shown = new ShownObjects(page, this.services.client.org.id, this.range.method === 'query');
    for (const fault of page.faults) {
      this.tally.fault(fault);
      log.error(`${spanOf(fault)} could not be read: ${fault.message}`, { event: 'reload.fault', ...fault });
    }
    for (const incident of page.incidents) this.handover.begin(incident.id);
    const changed = page.incidents.filter((incident) => this.hasChanged(incident));
    const others = page.incidents.filter((incident) => !changed.includes(incident));
    // Recent changes are read from the database: the search index may not have them yet.
    const fromDatabase = this.range.method === 'query' || this.range.changedSinceMs !== undefined;
    await this.read(changed, fromDatabase, this.wants, page, shown);
    await this.read(others, false, (type) => type !== 'incident' && this.wants(type), page, shown);
    if (!shown.isLost) await this.reconciliation?.compare(shown);
    this.comparedUpTo = page.toId;
  }

  /** The source's count says nothing if only some of the listed incidents are loaded. */
  private count({ fromHereOn, incidents }: ListedPage): void {
    const isWhole = this.wants('incident') && this.range.changedChildren !== true;
    if (isWhole && fromHereOn !== undefined) this.ofIncidents ??= this.listed + fromHereOn;
    this.listed += incidents.length;
    this.tellProgress();
  }

  private hasChanged(incident: Incident): boolean {
    const { changedSinceMs } = this.range;
    const date = incident['inc_last_modified_date'];
    return changedSinceMs === undefined || typeof date !== 'number' || date >= changedSinceMs;
  }

  private async read(
    incidents: readonly Incident[],
    fromDatabase: boolean,
    wants: WantedTypes,
    { requestedAtMs }: ListedPage,
    shown: ShownObjects,
  ): Promise<void> {
    const { signal } = this.run;
    const reader = new IncidentReader(
      { log: this.services.log, source: this.source, parts: this.parts, time: this.time, signal },
      wants,
    );
    const hand = async (read: IncidentObjects): Promise<void> => {
      for (const fault of read.faults) this.tally.fault(fault);
      if (await this.handover.hand(read, { runId: this.runId, wants, requestedAtMs })) shown.add(read);
      else shown.unread.add(read.incident.id);
    };
    const onGone = ({ id }: Incident): void => {
      shown.remove(id);
      this.handover.pass(id);
    };
    await (fromDatabase ? reader.each(incidents, hand, onGone) : reader.search(incidents, hand, onGone));
  }

  private async record(): Promise<void> {
    const { settledUpTo } = this.handover;
    if (settledUpTo === undefined) return;
    const incidentId = this.reconciliation === undefined ? settledUpTo : Math.min(settledUpTo, this.comparedUpTo);
    if (!Number.isFinite(incidentId)) return;
    const { startedAtMs, sourceStartedAtMs, range } = this;
    await this.run.record?.write({
      incidentId,
      startedAtMs,
      sourceStartedAtMs,
      ...(range.changedSinceMs === undefined ? {} : { changedSinceMs: range.changedSinceMs }),
      faults: this.tally.faults.slice(0, MAX_FAULTS_KEPT),
      gone: this.reconciliation?.gone ?? [],
    });
  }

  private async deletions(): Promise<void> {
    const { reconciliation, run, services, tally } = this;
    if (reconciliation === undefined || run.reconcile === undefined) return;
    const { maxDeletes: allowed } = run.reconcile;
    const { gone, tooMuch: refused } = reconciliation;
    if (refused) {
      services.log.error(
        `More than ${allowed} objects are gone at the source: nothing is deleted. If that is right, run: soar-feed reload --allow-deletes N`,
        { event: 'reload.deletes-refused', allowed },
      );
    }
    const feeds = run.feeds ?? services.router.feeds;
    const deleted = refused
      ? 0
      : await sendDeletions(gone, {
          ...services,
          feeds,
          runId: this.runId,
          wants: this.wants,
          time: this.time,
          signal: run.signal,
          tally,
        });
    tally.deleted({ gone: gone.length, deleted, allowed, refused });
  }

  private tellProgress(): void {
    const { settledUpTo } = this.handover;
    this.run.onProgress?.({
      ...this.tally.progress,
      ...(this.ofIncidents === undefined ? {} : { ofIncidents: this.ofIncidents }),
      ...(settledUpTo === undefined ? {} : { settledUpTo }),
      faults: this.tally.faults.length,
    });
  }
}

/** Faults that a record keeps for a continued run. */
const MAX_FAULTS_KEPT = 200;
