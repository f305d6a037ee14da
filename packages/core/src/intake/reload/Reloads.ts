import type { FeedsSettings, ReloadMode } from '../../config/feedsSection.js';
import type { Clock } from '../../contract/Clock.js';
import { ConfigError } from '../../contract/errors.js';
import type { CheckpointStore } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import { BACKGROUND_RELOAD, troubleOf } from '../../source/patience/policy.js';
import { backoffMs } from '../../trouble/backoff.js';
import { messageOf } from '../../trouble/messageOf.js';
import type { Feed } from '../../delivery/Feed.js';
import type { DurablyContext } from '../../parking/durably.js';
import { CompleteReloads } from './CompleteReloads.js';
import { eitherSignal } from './eitherSignal.js';
import type { ReloadIntake, ReloadProgress } from './ReloadIntake.js';
import type { ReloadRequest } from './ReloadRequest.js';
import type { ReloadReport } from './ReloadReport.js';
import { together } from './ReloadReport.js';
import { withTimeLeft } from './ReloadStatus.js';
import type { ReloadStatus } from './ReloadStatus.js';
import { RunRecord } from './RunRecord.js';
import type { ReloadRange } from './SyncRequest.js';

export interface ReloadsServices {
  readonly intake: ReloadIntake;
  readonly feeds: readonly Feed[];
  readonly settings: FeedsSettings;
  readonly checkpoints: CheckpointStore;
  readonly durably: DurablyContext;
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The source's clock minus ours, as measured. */
  readonly sourceClock: { readonly offsetMs: number; readonly uncertaintyMs: number };
  /** Who waits for these reloads; default nobody. */
  readonly waits?: 'nobody' | 'somebody';
}

interface Load {
  readonly kind: 'full' | 'changed';
  readonly range: ReloadRange;
  readonly feeds: readonly Feed[];
  /** An interrupted run that began before this time is outdated and is not continued. */
  readonly notBeforeMs: number;
  readonly request: CancellableRequest;
}

type CancellableRequest = ReloadRequest & { readonly cancel?: AbortSignal };

/** An older interrupted run is not continued: too much has changed below the point where it stopped. */
const RESUME_WITHIN_MS = 7 * 24 * 3_600_000;
/** Longest single wait, ms: timers of more than 24 days fire at once. */
const LONGEST_REST_MS = 24 * 3_600_000;

/** Every reload of a host: one after the other, at start, by the clock, and as asked for. */
export class Reloads {
  private readonly complete: CompleteReloads;
  private tail: Promise<unknown> = Promise.resolve();
  private background: Promise<void> = Promise.resolve();
  private progress: ReloadStatus = { running: false, incidents: 0, objects: 0, faults: 0 };

  constructor(private readonly services: ReloadsServices) {
    const { checkpoints, durably, settings } = services;
    this.complete = new CompleteReloads(checkpoints, durably, settings.reloadTypes);
  }

  get status(): ReloadStatus {
    return withTimeLeft(this.progress, this.services.clock.now());
  }

  /**
   * Resolves when everything has settled. Reloads run one after the other. Throws `ConfigError` for an unknown feed, and what
   * the source throws when its incidents cannot be listed. `cancel` interrupts this run alone.
   */
  async run(
    request: ReloadRequest,
    onProgress?: (progress: ReloadProgress) => void,
    cancel?: AbortSignal,
  ): Promise<ReloadReport> {
    const feeds = this.chosen(request.feeds);
    const turn = this.tail.then(() =>
      this.runNow({ ...request, ...(cancel === undefined ? {} : { cancel }) }, feeds, onProgress),
    );
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  /** Starts the background reloads: the one at start, and a full one as often as `reload_every` says. */
  start(mode: ReloadMode): void {
    this.background = this.inBackground(mode);
  }

  /** Resolves when nothing runs any more; abort the signal first. */
  async stop(): Promise<void> {
    await this.background;
    await this.tail;
  }

  private async inBackground(mode: ReloadMode): Promise<void> {
    const { settings, clock, signal } = this.services;
    if (mode !== false) await this.attempt(mode);
    const { reloadEveryMs: everyMs } = settings;
    let triedAtMs = mode === 'full' ? clock.steadyMs() : -Infinity;
    let foundAtMs: number | undefined;
    while (everyMs !== undefined && !signal.aborted) {
      const sinceLastMs = clock.now() - (await this.lastFullAtMs());
      // A record from the future was written before our clock was set back: it counts from when it is found.
      if (sinceLastMs >= 0) foundAtMs = undefined;
      else foundAtMs ??= clock.steadyMs();
      const sinceMs = foundAtMs === undefined ? sinceLastMs : clock.steadyMs() - foundAtMs;
      const restMs = everyMs - Math.min(sinceMs, clock.steadyMs() - triedAtMs);
      if (restMs > 0) {
        await clock.sleep(Math.min(restMs, LONGEST_REST_MS), signal).catch(() => undefined);
        continue;
      }
      triedAtMs = clock.steadyMs();
      await this.attempt('full');
    }
  }

  /** Tries until it succeeds: nobody else would ask for it again. */
  private async attempt(kind: 'full' | 'changed'): Promise<void> {
    const { log, clock, signal } = this.services;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await this.run({ kind });
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (troubleOf(error) === 'fault') {
          const problem = `The reload in the background failed because of a bug and is not tried again: ${messageOf(error)}`;
          log.error(problem, { event: 'reload.failed', kind, error });
          return;
        }
        const restMs = backoffMs(attempt, BACKGROUND_RELOAD.firstMs, BACKGROUND_RELOAD);
        const problem = `The reload in the background failed and is tried again in ${Math.round(restMs / 1000)} s: ${messageOf(error)}`;
        this.progress = { ...this.progress, problem };
        log[attempt === 1 ? 'error' : 'warn'](problem, { event: 'reload.failed', kind });
        await clock.sleep(restMs, signal).catch(() => undefined);
      }
    }
  }

  /** The oldest of the feeds' last full reloads; ms, host clock. `-Infinity`: a feed never had one. */
  private async lastFullAtMs(): Promise<number> {
    const completes = await Promise.all(this.services.feeds.map((feed) => this.complete.of(feed.name)));
    return Math.min(...completes.map((complete) => complete?.fullStartedAtMs ?? -Infinity));
  }

  private chosen(names: readonly string[] | undefined): readonly Feed[] {
    const { feeds } = this.services;
    if (names === undefined) return feeds;
    const unknown = names.filter((name) => !feeds.some((feed) => feed.name === name));
    if (unknown.length > 0) {
      const problem = `holds no ${unknown.join(', ')}; it holds ${feeds.map((feed) => feed.name).join(', ')}`;
      throw new ConfigError([{ section: 'feeds', key: 'feed_names', problem }]);
    }
    return feeds.filter((feed) => names.includes(feed.name));
  }

  private async runNow(
    request: CancellableRequest,
    feeds: readonly Feed[],
    onProgress?: (progress: ReloadProgress) => void,
  ): Promise<ReloadReport> {
    const { settings } = this.services;
    const {
      minIncidentId = 0,
      maxIncidentId,
      types = settings.reloadTypes,
      method = settings.reloadQueryApiMethod ? 'query' : 'search',
    } = request;
    const range: ReloadRange = {
      minIncidentId,
      types,
      method,
      ...(maxIncidentId === undefined ? {} : { maxIncidentId }),
    };
    const full = { kind: 'full', range, notBeforeMs: -Infinity, request } as const;
    if (request.kind !== 'changed') return this.load({ ...full, feeds }, onProgress);

    const bases = new Map(
      await Promise.all(feeds.map(async (feed) => [feed, await this.complete.of(feed.name)] as const)),
    );
    const newcomers = feeds.filter((feed) => bases.get(feed) === undefined);
    const others = feeds.filter((feed) => !newcomers.includes(feed));
    const startsMs = others.map((feed) => bases.get(feed)?.startedAtMs ?? 0);
    const { offsetMs, uncertaintyMs } = this.services.sourceClock;
    // The dates of incidents are by the source's clock. If either clock was set since, the earlier time counts.
    const sourceStartsMs = others.map((feed, at) =>
      Math.min((startsMs[at] ?? 0) + offsetMs, bases.get(feed)?.sourceStartedAtMs ?? Infinity),
    );
    const changedSinceMs = Math.min(...sourceStartsMs) - uncertaintyMs - settings.reloadOverlapMs;
    const changed: ReloadRange = {
      ...range,
      changedSinceMs,
      ...(settings.reloadChangedChildren ? { changedChildren: true } : {}),
    };
    const reports: ReloadReport[] = [];
    if (newcomers.length > 0) reports.push(await this.load({ ...full, feeds: newcomers }, onProgress));
    if (others.length > 0)
      reports.push(
        await this.load(
          { kind: 'changed', range: changed, feeds: others, notBeforeMs: Math.max(...startsMs), request },
          onProgress,
        ),
      );
    return reports.reduce(together);
  }

  private async load(load: Load, onProgress?: (progress: ReloadProgress) => void): Promise<ReloadReport> {
    const { intake, log, clock, signal, settings, waits } = this.services;
    const { kind, range, feeds, request } = load;
    const record = await this.recordFor(load);
    const startedAtMs = clock.now();
    let problem: string | undefined;
    const follow = (progress: ReloadProgress): void => {
      this.progress = { running: true, kind, startedAtMs, ...progress, ...(problem === undefined ? {} : { problem }) };
      onProgress?.(progress);
    };
    const onTrouble = (trouble: string | undefined): void => {
      problem = trouble;
      const { problem: _, ...progress } = this.progress;
      this.progress = { ...progress, ...(trouble === undefined ? {} : { problem: trouble }) };
    };
    follow({ incidents: 0, objects: 0, faults: 0 });
    log.info('Reload started.', { event: 'reload.started', kind, ...range, feeds: feeds.map((feed) => feed.name) });
    const looks =
      kind === 'full' && (request.allowDeletes !== undefined || (request.reconcile ?? settings.reconcileDeletes));
    const until = eitherSignal(signal, request.cancel);
    try {
      const report = await intake.run(range, {
        feeds,
        record,
        signal: until.signal,
        ...(looks ? { reconcile: { maxDeletes: request.allowDeletes ?? settings.reconcileMaxDeletes } } : {}),
        ...(waits === undefined ? {} : { waits }),
        onProgress: follow,
        onTrouble,
      });
      if (!report.interrupted) await this.ended(load, record, report);
      log.info(report.interrupted ? 'Reload interrupted; it will go on at the next start.' : 'Reload finished.', {
        event: 'reload.finished',
        kind,
        ...report,
      });
      return report;
    } finally {
      until.end();
      onTrouble(undefined);
      this.progress = { ...this.progress, running: false };
    }
  }

  /** An interrupted run is continued if feeds, kind, range, types and method are the same. */
  private async recordFor({ kind, range, feeds, notBeforeMs, request }: Load): Promise<RunRecord> {
    const { checkpoints, durably, clock } = this.services;
    const { minIncidentId, maxIncidentId, types, method } = range;
    const names = feeds.map((feed) => feed.name).sort();
    const span = `${minIncidentId}-${maxIncidentId ?? ''}`;
    const record = new RunRecord(
      `reload run: ${JSON.stringify([kind, span, method, [...types].sort(), names])}`,
      checkpoints,
      durably,
    );
    const left = await record.read();
    const overtaken = left !== undefined && left.startedAtMs < Math.max(notBeforeMs, clock.now() - RESUME_WITHIN_MS);
    if (overtaken || request.restart === true || request.allowDeletes !== undefined) await record.clear();
    return record;
  }

  private async ended(
    { kind, range, feeds }: Load,
    record: RunRecord,
    { startedAtMs, sourceStartedAtMs, faults }: ReloadReport,
  ): Promise<void> {
    const { settings, clock } = this.services;
    const whole =
      range.minIncidentId <= 0 &&
      range.maxIncidentId === undefined &&
      range.types.join() === settings.reloadTypes.join();
    if (whole && faults.length === 0) {
      for (const { name } of feeds) {
        const before = await this.complete.of(name);
        const fullStartedAtMs = kind === 'full' ? startedAtMs : (before?.fullStartedAtMs ?? startedAtMs);
        await this.complete.record(
          name,
          (await record.read())?.incidentId ?? 0,
          { startedAtMs, sourceStartedAtMs, fullStartedAtMs },
          clock.now(),
        );
      }
    }
    await record.clear();
  }
}
