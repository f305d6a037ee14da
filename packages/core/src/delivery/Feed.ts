import { setMaxListeners } from 'node:events';
import { within } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';
import { PermanentError, StoppingError, UnavailableError } from '../contract/errors.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { ParkedEvent } from '../contract/FeedStore.js';
import type { FeedTarget, ParkedObject } from '../contract/FeedTarget.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { mayLeave, takesAll } from '../hierarchy/goesWith.js';
import type { Lane } from '../lanes/Lane.js';
import type { LaneRun } from '../lanes/Lanes.js';
import { Lanes } from '../lanes/Lanes.js';
import type { Parking } from '../parking/Parking.js';
import { metricNames } from '../telemetry/metrics.js';
import { AgeWatch, holdsMessage } from './AgeWatch.js';
import { attempt } from './attempt.js';
import type { Attempted } from './attempt.js';
import { refusalOf } from './classify.js';
import { Conclusion } from './Conclusion.js';
import { Ending, facts } from './Ending.js';
import type { FeedCounts } from './Ending.js';
import type { AcceptOptions, Entry, Settled } from './Entry.js';
import { makeEntry } from './Entry.js';
import type { EventSource } from './EventSource.js';
import { Gate } from './Gate.js';
import { Orphans } from './Orphans.js';
import { Returning } from './Returning.js';
import { RunTaker } from './RunTaker.js';
import type { FeedState } from './Supervisor.js';
import { Slots } from './Slots.js';
import { SourceWaits } from './SourceWaits.js';
import { Supervisor } from './Supervisor.js';
import { watchHealth } from './watchHealth.js';

export interface FeedOptions {
  /** Lanes served at once. */
  readonly concurrency: number;
  readonly maxAttempts: number;
  readonly deliverTimeoutMs: number;
  /** Longest pause that the target may ask for (Retry-After), ms; default 5 min. */
  readonly maxPauseMs?: number;
  /** Age of an undelivered event beyond which it is parked, so that this feed holds up nobody else. */
  readonly spillAfterMs: number;
  /** Events in memory beyond which further ones are parked at once. */
  readonly maxQueued: number;
  /** Gets the incidents of certain workspaces only; they can be moved in. */
  readonly routed?: boolean;
}

export interface FeedServices {
  readonly target: FeedTarget;
  readonly parking: Parking;
  readonly source: EventSource;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

export interface FeedStatus {
  readonly name: string;
  readonly state: FeedState;
  readonly problem?: string;
  /** Its further events are parked until it has caught up. */
  readonly lagging: boolean;
  readonly counts: Readonly<FeedCounts>;
  /** Events in memory. */
  readonly queued: number;
  readonly parked: Readonly<Record<'waiting' | 'deferred' | 'failed' | 'undecided' | 'resync', number>>;
  /** Age of the oldest event that has not ended, ms. */
  readonly oldestMs?: number;
}

/**
 * One running feed: lanes, target and supervisor. It takes events, delivers each incident's in order and ends every
 * one of them: delivered, skipped, superseded, or parked durably.
 */
export class Feed {
  private readonly lanes = new Lanes<Entry>();
  private readonly slots: Slots;
  private readonly taker: RunTaker<Entry>;
  private readonly supervisor: Supervisor;
  private readonly ending: Ending;
  private readonly gate: Gate;
  private readonly returning: Returning;
  private readonly conclusion: Conclusion;
  private readonly ages: AgeWatch;
  private readonly waits: SourceWaits;
  /** When lanes that rest go on, ms, host clock. */
  private readonly restsUntil = new Map<Lane<Entry>, number>();
  private readonly hardStop = new AbortController();
  private readonly roomWaiters: (() => void)[] = [];
  private active = 0;
  private stopping = false;

  constructor(
    readonly name: string,
    private readonly services: FeedServices,
    private readonly options: FeedOptions,
  ) {
    const { target, log, clock, parking, metrics, source } = services;
    const { signal } = this.hardStop;
    this.slots = new Slots(options.concurrency);
    // Every lane that rests listens to it: hundreds are no leak.
    setMaxListeners(0, signal);
    this.supervisor = new Supervisor(target, log, clock, (incident) => parking.wishResync(incident));
    this.ending = new Ending(name, this.lanes, parking, log, metrics, () => this.goOn());
    this.gate = new Gate(parking, source, this.ending, clock, log, options.routed === true);
    const orphans = new Orphans(source);
    this.returning = new Returning(
      ...([parking, source, this.ending, orphans, log] as const),
      (event, row) => this.accept(event, row),
      (incidentId) => this.room(incidentId),
    );
    const maxPauseMs = options.maxPauseMs ?? 300_000;
    this.waits = new SourceWaits(log, maxPauseMs);
    this.conclusion = new Conclusion(target, this.supervisor, parking, this.ending, orphans, this.waits, log, {
      maxAttempts: options.maxAttempts,
      maxPauseMs,
      signal,
    });
    this.ages = new AgeWatch(this.lanes, this.supervisor, parking.index, this.ending, log, clock, options.spillAfterMs);
    this.taker = new RunTaker(
      this.lanes,
      target.capabilities.batch,
      (ms) => this.rest(ms),
      () => this.pump(),
    );
    this.supervisor.onUp(() => this.pump());
  }

  get parking(): Parking {
    return this.services.parking;
  }

  get up(): boolean {
    return this.supervisor.up;
  }

  /** Whether further events are parked, as older ones wait: in memory for too long, or in their rows. */
  get lagging(): boolean {
    return this.ages.lagging || this.parking.index.count('deferred') > 0;
  }

  /** Whether parked rows may be brought back now. */
  get takesReplays(): boolean {
    return !this.stopping && this.supervisor.up && this.hasRoom;
  }

  /** Whether something is on its way, or parked and about to come back by itself. */
  get restless(): boolean {
    const { index } = this.parking;
    if (this.lanes.size + this.ending.unsettled > 0) return true;
    // While the target is away nothing comes back; what waits for a parked parent waits with it.
    if (!this.supervisor.up) return false;
    const wakes = index.awaitedParents().some((parent) => !index.has(parent));
    return wakes || index.count('deferred') + index.count('resync') > 0;
  }

  /** Opens the target; one that is away is opened again in the background. */
  async start(): Promise<void> {
    await this.parking.load();
    await this.supervisor.start();
    void this.watch();
    const { target, clock } = this.services;
    const isIdle = (): boolean => !this.stopping && this.lanes.size === 0;
    void watchHealth({ target, supervisor: this.supervisor, clock, isIdle, signal: this.hardStop.signal });
  }

  /**
   * Takes an event; resolves at its end. Rejects only when the host is stopping or the store cannot park: then nobody
   * may acknowledge it.
   */
  async accept(event: FeedEvent, options: AcceptOptions = {}): Promise<Settled> {
    if (this.stopping) throw new StoppingError();
    const { entry, ended } = makeEntry(event, this.services.clock.now(), options);
    if (options.parkedRevision === undefined && this.mustPark(event)) {
      await this.ages.defer(entry);
      return ended;
    }
    // Asked for now, it is at hand when the event's turn comes.
    void this.parking.last(event.key).catch(() => undefined);
    this.lanes.push(event.key.incidentId, entry);
    this.pump();
    return ended;
  }

  /** As `Returning.replay`. */
  async replay(row: ParkedEvent): Promise<void> {
    // Its event is in the lane already, and ends the row itself.
    if (this.lanes.entriesOf(row.key.incidentId).some(({ event }) => event.id === row.eventId)) return;
    await this.returning.replay(row);
  }

  /** As `Returning.skipWaitingOn`. */
  async skipWaitingOn(parent: ObjectKey): Promise<void> {
    await this.returning.skipWaitingOn(parent);
  }

  /**
   * As `FeedTarget.adopt`. Throws `PermanentError` when the target refuses or cannot, `UnavailableError` while it is away.
   */
  async adopt(object: ParkedObject, targetId: number): Promise<void> {
    const { target } = this.services;
    const { incidentId } = object.key;
    const refused = (why: string) => new PermanentError(why, { code: 'adopt-refused' });
    if (target.adopt === undefined)
      throw refused(`The target of ${this.name} cannot take over objects that stand there.`);
    if (!this.supervisor.up) throw new UnavailableError(`The target of ${this.name} is away.`, { code: 'target-down' });
    if (this.holds(incidentId))
      throw refused(`Incident ${incidentId} is being delivered right now: try again in a moment.`);
    await target.adopt(object, targetId, { signal: this.hardStop.signal });
  }

  /** How many messages of the queue wait for this feed, and for how long the oldest has. */
  held(): { readonly messages: number; readonly oldestMs: number } {
    const since = [...this.lanes.entries()].filter(holdsMessage).map((entry) => entry.acceptedAtMs);
    const oldestMs = since.length === 0 ? 0 : this.services.clock.now() - Math.min(...since);
    return { messages: since.length, oldestMs };
  }

  /** Lets go of them all, and parks further events until it has caught up: others wait for their turn. */
  async makeWay(): Promise<void> {
    await this.ages.makeWay();
  }

  /** Whether an event of this incident is on its way. */
  holds(incidentId: number): boolean {
    return this.lanes.has(incidentId);
  }

  /** Resolves when a reload may bring another event of this incident. */
  async room(incidentId: number): Promise<void> {
    const fits = (): boolean => this.reloadFits && (this.holds(incidentId) || this.hasLane);
    while (!this.stopping && !fits()) await new Promise<void>((resolve) => this.roomWaiters.push(resolve));
  }

  status(): FeedStatus {
    const { index } = this.parking;
    const now = this.services.clock.now();
    const oldest = Math.min(...[...this.lanes.entries()].map((entry) => entry.acceptedAtMs));
    const problem = this.supervisor.lastProblem;
    return {
      name: this.name,
      state: this.supervisor.current,
      ...(problem === undefined ? {} : { problem }),
      lagging: this.ages.lagging,
      counts: { ...this.ending.counts },
      queued: this.lanes.size,
      parked: {
        waiting: index.count('waiting'),
        deferred: index.count('deferred'),
        failed: index.count('failed'),
        undecided: index.count('undecided'),
        resync: index.count('resync'),
      },
      ...(this.lanes.size === 0 ? {} : { oldestMs: now - oldest }),
    };
  }

  /** Drains for `graceMs`, parks the rest, closes the target. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const { clock, target, log } = this.services;
    const deadline = clock.now() + graceMs;
    this.wakeRoom();
    while (this.lanes.size > 0 && this.supervisor.up && clock.now() < deadline) {
      // What rests for longer than that is not waited for.
      const resting = [...this.restsUntil.values()].filter((untilMs) => untilMs > deadline).length;
      if (resting === this.lanes.lanes) break;
      await clock.sleep(20);
    }
    await this.parkRest();
    this.hardStop.abort();
    while (this.active + this.ending.unsettled > 0) await clock.sleep(5);
    const flush = async (signal: AbortSignal): Promise<void> => target.flush?.({ signal });
    const tooLate = (): Error => new Error(`no answer within ${graceMs / 1000} s`);
    await within(Math.max(1, graceMs), undefined, flush, tooLate).catch((error: unknown) => {
      log.warn(`The target could not flush: ${String(error)}`);
    });
    await this.supervisor.close();
  }

  private async parkRest(): Promise<void> {
    try {
      await this.ages.spill([...this.lanes.entries()]);
    } catch (error) {
      if (!(error instanceof StoppingError)) throw error;
      // The store takes nothing: what has no row is not acknowledged and comes again.
      for (const entry of [...this.lanes.entries()]) this.ending.refused(entry, error);
    }
  }

  private get hasRoom(): boolean {
    return this.hasLane && this.inMemory < this.options.maxQueued;
  }

  /** More incidents than can be served, so that no slot waits for the source. */
  private get hasLane(): boolean {
    return this.lanes.lanes < this.mostActive + this.options.concurrency;
  }

  /** The other half is for what the queue brings meanwhile: it need not be parked because of a reload. */
  private get reloadFits(): boolean {
    return this.inMemory < this.options.maxQueued / 2;
  }

  private get inMemory(): number {
    return this.lanes.size + this.ending.unsettled;
  }

  private mustPark(event: FeedEvent): boolean {
    if (this.ages.lagging || this.lanes.size >= this.options.maxQueued) return true;
    return this.gate.mustStayBehind(event) || this.ages.isParking(event.key.incidentId);
  }

  private goOn(): void {
    this.pump();
    if (this.reloadFits) this.wakeRoom();
  }

  /** A store that takes nothing stops the deliveries, too: what it has not taken is bounded. */
  private get mayServe(): boolean {
    return this.active < this.mostActive && this.ending.unsettled < this.options.concurrency * 4;
  }

  /** Half as many again as there are slots: a run is looked up, and some wait aside, while the others use them. */
  private get mostActive(): number {
    return Math.floor(this.options.concurrency * 1.5);
  }

  private pump(): void {
    while (this.supervisor.up && !this.hardStop.signal.aborted && this.mayServe) {
      const runs = this.taker.take();
      if (runs === undefined) return;
      this.active += 1;
      void this.serve(runs);
    }
  }

  private async serve(runs: readonly LaneRun<Entry>[]): Promise<void> {
    const entries = runs.flatMap((run) => run.entries);
    const rests = new Map<Entry, number>();
    const notEnded = (entry: Entry, error: unknown): Promise<void> => this.notEnded(entry, error, rests);
    try {
      const admitted = await this.gate.admit(entries, notEnded);
      if (admitted.length > 0) await this.deliver(admitted, rests);
    } catch (error) {
      for (const entry of entries) await notEnded(entry, error);
    } finally {
      this.active -= 1;
      for (const run of runs) this.release(run, rests);
      this.goOn();
    }
  }

  private async deliver(entries: readonly Entry[], rests: Map<Entry, number>): Promise<void> {
    const { target, clock, metrics, log } = this.services;
    const slot = await this.slots.enter();
    // The host stopped while it stood in line: what it brought has its row, or comes again.
    if (this.hardStop.signal.aborted) return slot.close();
    const { generation } = this.supervisor;
    const startedAt = clock.now();
    const attempted = await attempt(
      target,
      entries.map((entry) => entry.event),
      { attempt: Math.max(...entries.map((entry) => entry.attempts)) + 1, log, aside: slot.aside },
      { timeoutMs: this.options.deliverTimeoutMs, signal: this.hardStop.signal },
    ).finally(() => slot.close());
    metrics.count(metricNames.attempts, { feed: this.name }, entries.length);
    metrics.observe(metricNames.deliverySeconds, (clock.now() - startedAt) / 1000, { feed: this.name });
    for (const [at, entry] of entries.entries()) {
      const { outcome } = attempted[at] as Attempted;
      try {
        const next = await this.conclusion.draw(entry, attempted[at] as Attempted, generation);
        if (!next.ended) rests.set(entry, next.restMs);
        else if (outcome.status === 'delivered' || outcome.status === 'skipped') await this.afterEnd(entry.event);
      } catch (error) {
        await this.notEnded(entry, error, rests);
      }
    }
  }

  /** What hangs under the object follows it: a delete ends what goes with it, and whatever else waited is looked at anew. */
  private async afterEnd({ operation, key }: FeedEvent): Promise<void> {
    if (operation === 'delete' && takesAll(key.type)) await this.parking.removeBelow(key);
    if (operation === 'delete' && mayLeave(key.type)) await this.parking.rearmBelow(key);
    if (operation === 'upsert' || mayLeave(key.type)) void this.returning.wake(key);
  }

  /** A stopping host, the source being away or refusing one object, or a fault of ours: nothing is acknowledged. */
  private async notEnded(entry: Entry, error: unknown, rests: Map<Entry, number>): Promise<void> {
    const refusal = refusalOf(error);
    if (!this.lanes.entriesOf(entry.event.key.incidentId).includes(entry)) {
      if (refusal !== undefined)
        this.services.log.error(`A fault behind the end of an event: ${refusal.message}`, {
          ...facts(entry.event),
          error,
        });
      return;
    }
    if (error instanceof StoppingError) return this.ending.refused(entry, error);
    if (refusal === undefined) {
      rests.set(entry, this.waits.restMs(entry, error));
      return;
    }
    entry.attempts += 1;
    const failed = { state: 'failed', ...refusal, attempts: entry.attempts } as const;
    await this.ending.parked(entry, failed).catch((fault: unknown) => this.ending.refused(entry, fault));
  }

  /** A lane that rests keeps its head in place; its slot is free for others meanwhile. */
  private release({ lane }: LaneRun<Entry>, rests: ReadonlyMap<Entry, number>): void {
    const restMs = Math.max(0, ...lane.all().map((entry) => rests.get(entry) ?? 0));
    if (restMs === 0) {
      this.lanes.finish(lane);
      return;
    }
    this.restsUntil.set(lane, this.services.clock.now() + restMs);
    void this.rest(restMs).then(() => {
      this.restsUntil.delete(lane);
      this.lanes.finish(lane);
      this.pump();
    });
  }

  private wakeRoom(): void {
    for (const waiter of this.roomWaiters.splice(0)) waiter();
  }

  private async rest(ms: number): Promise<void> {
    await this.services.clock.sleep(ms, this.hardStop.signal).catch(() => undefined);
  }

  /** Once a second: old events are parked and the gauges follow. */
  private async watch(): Promise<void> {
    const { log, metrics } = this.services;
    while (!this.stopping) {
      await this.rest(1_000);
      await this.ages.look().catch((error: unknown) => {
        if (!(error instanceof StoppingError)) log.error(`Old events could not be parked: ${String(error)}`, { error });
      });
      const { queued, oldestMs = 0, parked } = this.status();
      const labels = { feed: this.name };
      metrics.gauge(metricNames.laneDepth, queued, labels);
      metrics.gauge(metricNames.oldestEventSeconds, oldestMs / 1000, labels);
      metrics.gauge(metricNames.up, this.supervisor.up ? 1 : 0, labels);
      for (const [reason, count] of Object.entries(parked))
        metrics.gauge(metricNames.parked, count, { ...labels, reason });
    }
  }
}
