import { setMaxListeners } from 'node:events';
import { after } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import { FeedError, StoreError } from '../contract/errors.js';
import type { ReloadProgress } from '../intake/reload/ReloadIntake.js';
import type { ReloadReport } from '../intake/reload/ReloadReport.js';
import type { ReloadRequest } from '../intake/reload/ReloadRequest.js';
import type { ReloadRange } from '../intake/reload/SyncRequest.js';
import { dropParked, retryParked } from '../parking/byHand.js';
import type { HandReport, ParkedSelection } from '../parking/byHand.js';
import type { DurablyContext, StoreHealth } from '../parking/durably.js';
import type { TypeCatalog } from '../shape/TypeCatalog.js';
import type { PreparedHost } from './PreparedHost.js';
import { sentence } from './check/CheckLine.js';
import { uncheckedCertificates } from './uncheckedCertificates.js';
import { uncheckedServers } from './uncheckedServers.js';
import { unknownNames, unknownTypes } from './unknownNames.js';
import { adoptParked } from './adoptParked.js';
import type { HostQueue } from './HostQueue.js';
import type { HostBasics } from './compose/hostContainer.js';
import type { Running, RunningContext } from './compose/makeRunning.js';
import { NO_COUNTS, NO_RELOAD } from './status/HostStatus.js';
import type { HostStatus } from './status/HostStatus.js';
import { pruneOutcomes } from './pruneOutcomes.js';
import { openStore } from './openStore.js';
import { repairIncident } from './repairIncident.js';
import type { Repair } from './repairIncident.js';
import { startFeeds } from './startFeeds.js';
import { watchStore } from './watchStore.js';
import { Patience } from '../source/patience/Patience.js';
import { START, START_AT_ONCE } from '../source/patience/policy.js';
import { makeReport, readStored } from './status/StatusReport.js';
import type { StatusReport } from './status/StatusReport.js';

/** How long a stopping host waits for what is under way, ms. */
const STOP_GRACE_MS = 30_000;

export interface StartOptions {
  /** Read the queue; default: as the config says. */
  readonly queue?: boolean;
  /** Load in the background; default: as `[feeds] reload` and `reload_every` say. `false`: only reloads that are asked for. */
  readonly reload?: boolean;
  /** Bring parked rows back. Default true. */
  readonly replay?: boolean;
  /** Wait for a source that does not answer yet. Default true. */
  readonly patient?: boolean;
}

/** What a host is made of; see `createFeedHost`. */
export interface HostParts extends Omit<HostBasics, 'root'> {
  readonly queue: HostQueue;
  /** Connects the source and makes what exists only between start and stop. */
  readonly makeRunning: (context: RunningContext) => Promise<Running>;
}

/**
 * One feed host: one source organization, one queue, its feeds. After `start` the queue runs by itself and `reload` may be
 * called; `stop` drains and closes everything.
 */
export class FeedHost {
  private readonly storeHealth: StoreHealth = { problem: undefined };
  /** Ends readers and waits for the source. */
  private readonly stopping = new AbortController();
  /** Ends store operations that can wait no longer. */
  private readonly giveUp = new AbortController();
  private running: Running | undefined;
  private waitsFor: string | undefined;
  private stopped: Promise<void> | undefined;
  private startedAtMs = 0;

  constructor(
    private readonly prepared: PreparedHost,
    private readonly services: HostParts,
  ) {
    // Everything that waits for the store or the source listens to one of these: thousands of listeners are no leak.
    setMaxListeners(0, this.stopping.signal, this.giveUp.signal);
  }

  private get queue(): HostQueue {
    return this.services.queue;
  }

  /** A draining host still reports its feeds, but takes no more work. */
  private get active(): Running | undefined {
    return this.stopping.signal.aborted ? undefined : this.running;
  }

  /**
   * Connects the source, opens the store and the feeds, and subscribes. Throws `SoarApiError` when the login, the
   * organization, the certificate or the queue is refused, `StoreError` for a store that it cannot use, `ConfigError` for what
   * a target finds wrong with its section when it opens. A feed whose target is away does not hold up the others: it is
   * opened again until the target is there.
   */
  async start(options: StartOptions = {}): Promise<void> {
    const { config } = this.prepared;
    const { log } = this.services;
    for (const issue of this.prepared.warnings) log.warn(sentence(issue), { event: 'config.warning' });
    await openStore(this.services.store);
    this.startedAtMs = this.services.clock.now();
    try {
      await this.startRunning(options);
    } catch (error) {
      await this.stop();
      throw error;
    }
    if (options.reload !== false)
      this.running?.reloads.start(options.reload ? config.feeds.reload || 'full' : config.feeds.reload);
    const reading = this.queue.state.state === 'off' ? 'Ready, without a queue.' : 'Subscribed, will process.';
    log.info(reading, { event: 'host.ready', feeds: config.feeds.feedNames });
  }

  /**
   * Loads incidents, or continues an interrupted run of the same kind; resolves when everything has settled. Reloads run one
   * after the other. Throws `ConfigError` for an unknown feed, and what the source throws when its incidents cannot be
   * listed.
   */
  async reload(request: ReloadRequest = {}, onProgress?: (progress: ReloadProgress) => void): Promise<ReloadReport> {
    if (this.active === undefined) throw new Error('The host is not running.');
    return this.active.reloads.run(request, onProgress);
  }

  /** The names that are no type of the source, each with the likely one; see `unknownTypes`. */
  async unknownTypes(names: readonly string[]): Promise<readonly string[]> {
    return this.active === undefined ? [] : unknownTypes(names, this.active.catalog);
  }

  /** Everything, as the config's reload keys say. */
  wholeRange(): ReloadRange {
    const { reloadTypes, reloadQueryApiMethod } = this.prepared.config.feeds;
    return { minIncidentId: 0, types: reloadTypes, method: reloadQueryApiMethod ? 'query' : 'search' };
  }

  /** The status together with the counts in the store; without those counts while the store is away. */
  async report(): Promise<StatusReport> {
    const { store, clock } = this.services;
    const { feedNames } = this.prepared.config.feeds;
    const host = this.status();
    const about = { feedNames, process: { pid: process.pid, startedAtMs: this.startedAtMs }, nowMs: clock.now() };
    try {
      return makeReport(await readStored(store), { ...about, host });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return makeReport(undefined, { ...about, host: { ...host, store: { problem: error.message } } });
    }
  }

  /** Puts parked rows and raw messages back in line, as a person asks; they come back in the background. */
  async retryParked(selection: ParkedSelection): Promise<HandReport> {
    const report = await this.byHand(retryParked, selection);
    void this.active?.intake.retryRaw();
    return report;
  }

  /** Drops parked rows and raw messages, as a person asks. */
  async dropParked(selection: ParkedSelection): Promise<HandReport> {
    return this.byHand(dropParked, selection);
  }

  /** As `adoptParked`: a person says which object at the destination belongs to a parked row. */
  async adoptParked(selection: ParkedSelection, targetId: number): Promise<HandReport> {
    const feeds = this.active?.feeds ?? [];
    return this.byHand((store, row) => adoptParked(store, feeds, row, targetId), selection);
  }

  /** As `repairIncident`: makes one incident at one feed equal to the source, writing only what differs. */
  async repair(repair: Repair): Promise<ReloadReport> {
    if (this.active === undefined) throw new Error('The host is not running.');
    return repairIncident(this.active, repair);
  }

  /** Resolves when nothing is under way and nothing parked will come back by itself, or after `timeoutMs`. */
  async quiet(timeoutMs: number): Promise<boolean> {
    const { clock } = this.services;
    const deadline = clock.now() + timeoutMs;
    while (clock.now() < deadline) {
      const restless = (this.running?.feeds ?? []).some((feed) => feed.restless);
      if (!restless && (this.running?.intake.inFlight ?? 0) === 0) return true;
      await clock.sleep(50);
    }
    return false;
  }

  /** `listener` hears of a queue that will not come back by itself: the login or the right to read it was withdrawn. */
  onFatal(listener: (error: Error) => void): void {
    this.queue.onFatal(listener);
  }

  status(): HostStatus {
    const { running, waitsFor } = this;
    const { state } = this.queue;
    const problem = 'error' in state ? state.error.message : undefined;
    return {
      source: running && { host: running.client.host, org: running.client.org.name },
      ...(waitsFor === undefined ? {} : { waitsFor }),
      queue: {
        state: state.state,
        ...(problem === undefined ? {} : { problem }),
        counts: { ...(running?.intake.counts ?? NO_COUNTS) },
        inFlight: running?.intake.inFlight ?? 0,
      },
      store: this.storeHealth.problem === undefined ? {} : { problem: this.storeHealth.problem },
      unchecked: [...uncheckedCertificates(this.prepared), ...uncheckedServers(this.prepared)].map(
        ({ section, key }) => `[${section}] ${key ?? ''}`,
      ),
      feeds: (running?.feeds ?? []).map((feed) => feed.status()),
      reload: running?.reloads.status ?? NO_RELOAD,
    };
  }

  /**
   * Closes the intakes, drains for `graceMs`, parks the rest, closes targets and store. Another call waits for the first.
   */
  stop(graceMs: number = STOP_GRACE_MS): Promise<void> {
    this.stopped ??= this.stopNow(graceMs);
    return this.stopped;
  }

  private async stopNow(graceMs: number): Promise<void> {
    this.stopping.abort();
    const { running } = this;
    // Whatever the store still refuses when the grace is over stays unacknowledged.
    const cancelLimit = after(graceMs + 5_000, () => this.giveUp.abort());
    this.queue.stop();
    const feeds = running?.feeds ?? [];
    const returns = running?.returns ?? [];
    // Together: a row that comes back may wait for something under way in its feed, which the feed parks.
    await Promise.all([...returns.map((rows) => rows.stop()), ...feeds.map((feed) => feed.stop(graceMs))]);
    await running?.reloads.stop();
    while ((running?.intake.inFlight ?? 0) > 0 && !this.giveUp.signal.aborted) await this.services.clock.sleep(5);
    await this.queue.close();
    await running?.client.close();
    cancelLimit();
    this.giveUp.abort();
    await this.services.store.close();
    this.queue.state = { state: 'off' };
    this.running = undefined;
    if (running !== undefined) this.services.log.info('Stopped.', { event: 'host.stopped' });
  }

  /** The feeds learn which rows changed, even if a failure ended the change halfway. */
  private async byHand(action: typeof retryParked, selection: ParkedSelection): Promise<HandReport> {
    const feeds = this.running?.feeds ?? [];
    try {
      const report = await action(this.services.store, selection);
      for (const feed of feeds) {
        const keys = report.touched.flatMap((row) => (row.feed === feed.name ? [row.key] : []));
        await feed.rowsChanged(keys);
      }
      return report;
    } catch (error) {
      for (const feed of feeds) void feed.rowsChanged().catch(() => undefined);
      throw error;
    }
  }

  private async startRunning(options: StartOptions): Promise<void> {
    const { log, clock, store } = this.services;
    const { resilient, feeds: settings } = this.prepared.config;
    const { signal } = this.stopping;
    const patient = options.patient ?? true;
    const patience = new Patience(patient ? START : START_AT_ONCE, {
      ...{ log, clock, signal },
      onTrouble: (problem) => void (this.waitsFor = problem),
    });
    const durably: DurablyContext = { clock, log, health: this.storeHealth, signal: this.giveUp.signal };
    const running = await this.services.makeRunning({ patience, patient, stopping: signal, durably });
    const { client, catalog, feeds, returns, intake } = running;
    this.running = running;
    await patience
      .ask('The types of the source', () => catalog.all())
      .catch((error: unknown) => {
        // The client's own error says more than that the types are missing.
        throw !patient && FeedError.is(error) && error.cause !== undefined ? error.cause : error;
      });
    void this.warnOfNames(client, catalog);
    await startFeeds(feeds, this.prepared.config.file);
    if (options.replay !== false) {
      for (const rows of returns) rows.start();
      void intake.retryRaw();
    }
    void watchStore(store, durably, signal);
    void pruneOutcomes(store, { keepMs: settings.keepOutcomesMs, clock, log, signal: this.stopping.signal });
    if (options.queue ?? resilient.stompEnabled) await this.queue.subscribe(client, feeds, intake);
  }

  /** Logs names of the config that the source does not have. If the source does not tell its names, nothing is logged. */
  private async warnOfNames(client: SoarClient, catalog: TypeCatalog): Promise<void> {
    const { signal } = this.stopping;
    const issues = await unknownNames(this.prepared.config.feeds, client, catalog, signal).catch(() => []);
    for (const issue of issues) this.services.log.warn(sentence(issue), { event: 'config.unknown-name' });
  }
}
