import { setMaxListeners } from 'node:events';
import { after } from '@soar-feed/soar-client';
import type { HostConfig } from '../config/loadHostConfig.js';
import { StoppingError } from '../contract/errors.js';
import type { ReloadProgress } from '../intake/reload/ReloadIntake.js';
import type { ReloadReport } from '../intake/reload/ReloadReport.js';
import type { ReloadRequest } from '../intake/reload/ReloadRequest.js';
import type { ReloadRange } from '../intake/reload/SyncRequest.js';
import { dropParked, retryParked } from '../parking/byHand.js';
import type { HandReport, ParkedSelection } from '../parking/byHand.js';
import type { DurablyContext, StoreHealth } from '../parking/durably.js';
import type { PreparedHost } from './PreparedHost.js';
import { sentence } from './check/CheckLine.js';
import { unknownTypes, warnOfNames } from './unknownNames.js';
import { adoptParked } from './adoptParked.js';
import { askForTypes } from './askForTypes.js';
import { changeRows } from './changeRows.js';
import type { HostQueue } from './HostQueue.js';
import type { HostBasics } from './compose/hostContainer.js';
import type { Running, RunningContext } from './compose/makeRunning.js';
import type { FeedHistory, HostStatus } from './status/HostStatus.js';
import { statusOfHost } from './status/statusOfHost.js';
import { EventWatch } from '../telemetry/EventWatch.js';
import { pruneOutcomes } from './pruneOutcomes.js';
import { quietWithin } from './quietWithin.js';
import { Refreshing } from './refresh/Refreshing.js';
import { repairIncident } from './repairIncident.js';
import type { Repair } from './repairIncident.js';
import { Standby } from './Standby.js';
import { startFeeds } from './startFeeds.js';
import type { StartOptions } from './StartOptions.js';
import { takeState } from './takeState.js';
import { watchStore } from './watchStore.js';
import { Patience } from '../source/patience/Patience.js';
import { START, START_AT_ONCE } from '../source/patience/policy.js';
import { reportOf } from './status/reportOf.js';
import type { StatusReport } from './status/StatusReport.js';

/** How long a stopping host waits for what is under way, ms. */
const STOP_GRACE_MS = 30_000;

/** What a host is made of; see `createFeedHost`. */
export interface HostParts extends Omit<HostBasics, 'root'> {
  readonly queue: HostQueue;
  /** Reads the config again. Throws `ConfigError`. */
  readonly prepareAgain: () => Promise<PreparedHost>;
  /** Connects the source and makes what exists only between start and stop. */
  readonly makeRunning: (context: RunningContext, prepared: PreparedHost) => Promise<Running>;
}

/**
 * One feed host: one source organization, one queue, its feeds. After `start` the queue runs by itself and `reload` may be
 * called; `stop` drains and closes everything.
 */
export class FeedHost {
  /** Tells of every event as it passes. */
  readonly events = new EventWatch();
  private readonly storeHealth: StoreHealth = { problem: undefined };
  /** Ends readers and waits for the source. */
  private readonly stopping = new AbortController();
  /** Ends store operations that can wait no longer. */
  private readonly giveUp = new AbortController();
  private running: Running | undefined;
  private waitsFor: string | undefined;
  /** Of a host that may have to wait for another one. */
  private standby: Standby | undefined;
  private onFailure: ((error: Error) => void) | undefined;
  /** Ends with the start, however that ends. */
  private started: Promise<unknown> = Promise.resolve();
  private stopped: Promise<void> | undefined;
  private startedAtMs = 0;
  private refreshing: Refreshing;

  constructor(
    private prepared: PreparedHost,
    private readonly services: HostParts,
  ) {
    this.refreshing = new Refreshing(prepared);
    // Everything that waits for the store or the source listens to one of these: thousands of listeners are no leak.
    setMaxListeners(0, this.stopping.signal, this.giveUp.signal);
  }

  /** A draining host still reports its feeds, but takes no more work. */
  private get active(): Running | undefined {
    return this.stopping.signal.aborted ? undefined : this.running;
  }

  /**
   * Connects the source, opens the store and the feeds, and subscribes. Throws `SoarApiError` when the login, the
   * organization, the certificate or the queue is refused, `StoreError` for a store that it cannot use, `ConfigError` for what
   * a target finds wrong with its section when it opens. A feed whose target is away does not hold up the others: it is
   * opened again until the target is there. Throws `StoppingError` when it is stopped meanwhile. A standby first waits for
   * another host, connected to nothing.
   */
  async start(options: StartOptions = {}): Promise<void> {
    const starting = this.startNow(options);
    this.started = starting.catch(() => undefined);
    try {
      await starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Loads incidents, or continues an interrupted run of the same kind; resolves when everything has settled. Reloads run one
   * after the other. Throws `ConfigError` for an unknown feed, and what the source throws when its incidents cannot be
   * listed.
   */
  async reload(request: ReloadRequest = {}, onProgress?: (progress: ReloadProgress) => void): Promise<ReloadReport> {
    return this.atWork().reloads.run(request, onProgress);
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
    const { startedAtMs, services, prepared } = this;
    const about = { feedNames: prepared.config.feeds.feedNames, process: { pid: process.pid, startedAtMs } };
    return reportOf(this.status(), services.store, { ...about, nowMs: services.clock.now() });
  }

  /**
   * Reads the config again, and uses the secrets that have changed: the source's from the next request on, a feed's once
   * its target is opened again. What is refused is logged, and the old ones stay. Resolves with the config as read;
   * throws `ConfigError` if that has problems.
   */
  async refresh(): Promise<HostConfig> {
    const { log, queue, prepareAgain } = this.services;
    const fresh = await prepareAgain();
    return this.refreshing.run({ fresh, running: this.active, standby: this.standby?.holder, queue, log });
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
    return repairIncident(this.atWork(), repair);
  }

  /** Resolves when nothing is under way and nothing parked will come back by itself, or after `timeoutMs`. */
  async quiet(timeoutMs: number): Promise<boolean> {
    return quietWithin(timeoutMs, () => this.running, this.services.clock);
  }

  /**
   * `listener` hears of what will not come back by itself: a queue whose login or right to read was withdrawn, and a state
   * database that another host has taken over. Stop the host then.
   */
  onFatal(listener: (error: Error) => void): void {
    this.onFailure = listener;
    this.services.queue.onFatal(listener);
  }

  status(): HostStatus {
    const { prepared, running, waitsFor } = this;
    const standby = this.standby?.holder;
    const { state: queue } = this.services.queue;
    return statusOfHost({ prepared, running, waitsFor, standby, queue, store: this.storeHealth });
  }

  /** How each feed did in the last hours. */
  history(): readonly FeedHistory[] {
    return (this.running?.feeds ?? []).map(({ name, history }) => ({ feed: name, minutes: history }));
  }

  /**
   * Closes the intakes, drains for `graceMs`, parks the rest, closes targets and store. Another call waits for the first.
   */
  stop(graceMs: number = STOP_GRACE_MS): Promise<void> {
    this.stopped ??= this.stopNow(graceMs);
    return this.stopped;
  }

  private async stopNow(patienceMs: number): Promise<void> {
    this.stopping.abort();
    const graceMs = this.giveUp.signal.aborted ? 0 : patienceMs;
    // Whatever the store still refuses when the grace is over stays unacknowledged.
    const cancelLimit = after(graceMs + 5_000, () => this.giveUp.abort());
    this.services.queue.stop();
    // A start under way opens nothing more, and what it has opened is closed below.
    if (this.running === undefined) await this.started;
    const { running } = this;
    const feeds = running?.feeds ?? [];
    const returns = running?.returns ?? [];
    // Together: a row that comes back may wait for something under way in its feed, which the feed parks.
    await Promise.all([...returns.map((rows) => rows.stop()), ...feeds.map((feed) => feed.stop(graceMs))]);
    await this.started;
    await running?.reloads.stop();
    while ((running?.intake.inFlight ?? 0) > 0 && !this.giveUp.signal.aborted) await this.services.clock.sleep(5);
    await this.services.queue.close();
    await running?.shown?.stopped();
    await running?.client.close();
    cancelLimit();
    this.giveUp.abort();
    await this.services.store.close();
    this.services.queue.state = { state: 'off' };
    this.running = undefined;
    if (running !== undefined) this.services.log.info('Stopped.', { event: 'host.stopped' });
  }

  private async byHand(action: typeof retryParked, selection: ParkedSelection): Promise<HandReport> {
    this.standby?.refuseWork();
    return changeRows(action, selection, this.services.store, this.running);
  }

  /** Throws while there is nothing that could do work. */
  private atWork(): Running {
    this.standby?.refuseWork();
    if (this.active === undefined) throw new Error('The host is not running.');
    return this.active;
  }

  private use(prepared: PreparedHost): void {
    if (prepared === this.prepared) return;
    this.prepared = prepared;
    this.refreshing = new Refreshing(prepared);
    this.services.queue.useLogin(prepared.config.resilient.connection);
  }

  /** Another host has the state database now, and is to get the messages at once. */
  private lose(error: Error): void {
    if (this.giveUp.signal.aborted) return;
    this.giveUp.abort();
    this.onFailure?.(error);
  }

  /** A host that stops begins nothing more. */
  private goOn(): void {
    if (this.stopping.signal.aborted) throw new StoppingError();
  }

  private async startNow(options: StartOptions): Promise<void> {
    const { log, clock, store, queue } = this.services;
    const { signal } = this.stopping;
    this.goOn();
    for (const issue of this.prepared.warnings) log.warn(sentence(issue), { event: 'config.warning' });
    this.startedAtMs = clock.now();
    const { standby: onWaiting } = options;
    if (onWaiting !== undefined) this.standby = new Standby({ log, clock, signal, onWaiting });
    this.use(await takeState(this.standby, this.prepared, this.services));
    const { prepared } = this;
    const { resilient, feeds: settings, file } = prepared.config;
    const { patient = true } = options;
    const patience = new Patience(patient ? START : START_AT_ONCE, {
      ...{ log, clock, signal },
      onTrouble: (problem) => void (this.waitsFor = problem),
    });
    const onLost = (error: Error): void => this.lose(error);
    const durably: DurablyContext = { clock, log, health: this.storeHealth, onLost, signal: this.giveUp.signal };
    const context = { patience, patient, stopping: signal, durably, watch: this.events };
    const running = await this.services.makeRunning(context, prepared);
    const { client, catalog, feeds, returns, intake } = running;
    this.running = running;
    this.goOn();
    await askForTypes(catalog, patience, patient);
    void warnOfNames(settings, client, catalog, { log, signal });
    this.goOn();
    await startFeeds(feeds, file, this.standby);
    this.goOn();
    running.shown?.start();
    if (options.replay !== false) {
      for (const rows of returns) rows.start();
      void intake.retryRaw();
    }
    void watchStore(store, durably, signal);
    void pruneOutcomes(store, { keepMs: settings.keepOutcomesMs, clock, log, signal });
    if (options.queue ?? resilient.stompEnabled) await queue.subscribe(client, feeds, intake);
    this.goOn();
    if (options.reload !== false) running.reloads.start(options.reload ? settings.reload || 'full' : settings.reload);
    const reading = this.services.queue.state.state === 'off' ? 'Ready, without a queue.' : 'Subscribed, will process.';
    log.info(reading, { event: 'host.ready', feeds: settings.feedNames });
  }
}
