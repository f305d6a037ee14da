import { setMaxListeners } from 'node:events';
import { within } from '@soar-feed/soar-client';
import { StoppingError } from '../contract/errors.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { AppliedObject, IncidentRange, ListedRow, ParkedFailure } from '../contract/FeedStore.js';
import type { ParkedObject } from '../contract/FeedTarget.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { Lanes } from '../lanes/Lanes.js';
import type { Parking } from '../parking/Parking.js';
import { messageOf } from '../trouble/messageOf.js';
import { adoptAt } from './adoptAt.js';
import { AgeWatch } from './AgeWatch.js';
import { Conclusion } from './Conclusion.js';
import { Ending } from './Ending.js';
import { Entry } from './Entry.js';
import type { AcceptOptions } from './Entry.js';
import type { FeedOptions } from './FeedOptions.js';
import type { FeedServices } from './FeedServices.js';
import type { FeedStatus } from './FeedStatus.js';
import { Gate } from './Gate.js';
import { measureFeed } from './measureFeed.js';
import { recheckAt } from './recheckAt.js';
import { Orphans } from '../source/Orphans.js';
import type { FeedDoor } from '../parking/return/FeedDoor.js';
import { Room } from './Room.js';
import type { Settled } from './Settled.js';
import { Serving } from './Serving.js';
import { Pauses } from '../source/patience/Pauses.js';
import { LANE } from '../source/patience/policy.js';
import { EventWatch } from '../telemetry/EventWatch.js';
import { FeedPace } from '../telemetry/pace/FeedPace.js';
import type { PacePoint } from '../telemetry/pace/FeedPace.js';
import { statusOf } from './statusOf.js';
import { Telling } from './Telling.js';
import { Supervisor } from './Supervisor.js';
import type { StartFeedOptions } from './Supervisor.js';
import { watchHealth } from './watchHealth.js';
import { Width } from './Width.js';

/**
 * One running feed, and the door to it. It takes events, delivers those of each incident in order, and ends every one of
 * them: delivered, skipped, superseded, or parked durably. Its rooms do the work: lanes keep the order, the gate lets
 * events pass, serving delivers them, the conclusion is drawn from the answer, the ending makes it durable; the supervisor
 * keeps the target open, the age watch keeps a slow feed from holding up the others.
 */
export class Feed implements FeedDoor {
  private readonly lanes = new Lanes<Entry>(({ yields }) => yields);
  private readonly supervisor: Supervisor;
  private readonly ending: Ending;
  private readonly pace: FeedPace;
  private readonly telling: Telling;
  private readonly gate: Gate;
  private readonly ages: AgeWatch;
  private readonly serving: Serving;
  private readonly memory: Room;
  private readonly hardStop = new AbortController();
  private readonly endListeners: ((event: FeedEvent) => Promise<void>)[] = [];
  private stopping = false;

  constructor(
    readonly name: string,
    private readonly services: FeedServices,
    options: FeedOptions,
  ) {
    const { target, log, clock, parking, metrics, source } = services;
    const { signal } = this.hardStop;
    // Every resting lane listens to it: hundreds of listeners are no leak.
    setMaxListeners(0, signal);
    const resync = (incident: ObjectKey): Promise<void> => parking.wishResync(incident);
    const supervisor = new Supervisor(target, log, clock, resync, options);
    const width = new Width(options, target, clock);
    const maxPauseMs = options.maxPauseMs ?? 300_000;
    const waits = new Pauses<Entry>(LANE, { clock, log, maxAskedMs: maxPauseMs });
    const { watch = new EventWatch() } = services;
    this.pace = new FeedPace(clock);
    this.telling = new Telling(name, { log, metrics, clock, pace: this.pace, watch });
    const ending = new Ending(name, this.lanes, parking, this.telling, {
      onSettled: () => this.goOn(),
      onLeft: (entry) => waits.end(entry),
    });
    this.supervisor = supervisor;
    this.ending = ending;
    this.memory = new Room(this.lanes, ending, options, width, () => this.serving.mostNow);
    this.gate = new Gate(parking, source, ending, clock, log, options.routed === true);
    const orphans = new Orphans(source);
    const limits = { maxAttempts: options.maxAttempts, maxPauseMs, signal };
    this.serving = new Serving(name, services, options, {
      ...{ lanes: this.lanes, supervisor, width, gate: this.gate, ending, waits, signal },
      conclusion: new Conclusion(target, supervisor, parking, ending, this.telling, orphans, waits, log, limits),
      rest: (ms) => this.rest(ms),
      onEnd: async (event) => {
        for (const listener of this.endListeners) await listener(event);
      },
      onRound: () => this.goOn(),
    });
    this.ages = new AgeWatch(this.lanes, supervisor, parking.index, ending, log, clock, options.spillAfterMs);
    // Whoever waits for room is woken, too: the outage may have given every event a row, and then no round comes.
    supervisor.onUp(() => this.goOn());
  }

  private get parking(): Parking {
    return this.services.parking;
  }

  get up(): boolean {
    return this.supervisor.up;
  }

  /** Whether new events are parked, because older ones wait too long in memory, or in rows. */
  get lagging(): boolean {
    return this.ages.lagging || this.parking.index.count('deferred') > 0;
  }

  /** Whether parked rows may be brought back now. */
  get takesRows(): boolean {
    return !this.stopping && this.supervisor.up && this.memory.fitsRow;
  }

  /** Whether something is under way, or parked and about to come back by itself. */
  get restless(): boolean {
    const { index } = this.parking;
    if (this.lanes.size + this.ending.unsettled > 0) return true;
    // Nothing comes back while the target is away. A row whose parent is parked, too, waits for the parent.
    if (!this.supervisor.up) return false;
    const wakes = index.awaitedParents().some((parent) => !index.has(parent));
    return wakes || index.count('deferred') + index.count('resync') > 0;
  }

  /** Opens the target. If it is away, it is opened again in the background. Throws as `Supervisor.start`. */
  async start(options?: StartFeedOptions): Promise<void> {
    await this.parking.load();
    await this.supervisor.start(options);
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
    const entry = this.entryOf(event, options);
    if (options.parkedRevision === undefined && this.mustPark(event)) {
      await this.ages.defer(entry);
      return entry.ended;
    }
    // Read ahead: it is at hand when the event's turn comes.
    void this.parking.last(event.key).catch(() => undefined);
    this.lanes.push(event.key.incidentId, entry);
    this.serving.pump();
    return entry.ended;
  }

  /**
   * As `FeedTarget.adopt`. Throws `PermanentError` when the target refuses or cannot, `UnavailableError` while it is away.
   */
  async adopt(object: ParkedObject, targetId: number): Promise<void> {
    const { target } = this.services;
    await adoptAt(target, this, { object, targetId, signal: this.hardStop.signal });
  }

  /** As `FeedTarget.recheck`, for objects of one incident. Throws `UnavailableError` while the target is away. */
  async recheck(objects: readonly ObjectKey[]): Promise<void> {
    const { target, clock } = this.services;
    await recheckAt(target, this, { objects, clock, signal: this.hardStop.signal });
  }

  /** Closes the target, lets `exchange` put another one in its place, and opens that. */
  renew(exchange: () => void): void {
    this.supervisor.renew({ quiet: () => this.serving.quiet(), exchange });
  }

  /** How many queue messages wait for this feed, and how long the oldest has waited. */
  held(): { readonly messages: number; readonly oldestMs: number } {
    return this.ages.held();
  }

  /** Releases them all, and parks new events until the feed has caught up: other feeds need the prefetch. */
  async makeWay(): Promise<void> {
    await this.ages.makeWay();
  }

  holds(incidentId: number): boolean {
    return this.lanes.has(incidentId);
  }

  underWay(incidentId: number, eventId: string): Pick<Entry, 'parkedRevision'> | undefined {
    return this.lanes.entriesOf(incidentId).find(({ event }) => event.id === eventId);
  }

  onEnd(listener: (event: FeedEvent) => Promise<void>): void {
    this.endListeners.push(listener);
  }

  async endRow(row: ListedRow, how: 'gone' | ParkedFailure): Promise<void> {
    await (how === 'gone' ? this.ending.gone(row) : this.ending.unread(row, how));
  }

  /** The objects that are at the destination, or parked on their way there. */
  async known(range: IncidentRange): Promise<readonly AppliedObject[]> {
    return this.parking.known(range);
  }

  /** Somebody changed rows by hand: these, or nobody knows which. */
  async rowsChanged(keys?: readonly ObjectKey[]): Promise<void> {
    if (keys === undefined) return this.parking.load();
    for (const key of keys) await this.parking.follow(key);
  }

  /** Resolves when a reload may bring another event of this incident. */
  async room(incidentId: number): Promise<void> {
    await this.memory.of(incidentId, () => this.stopping);
  }

  /** The last hours, minute by minute. */
  get history(): readonly PacePoint[] {
    return this.pace.history;
  }

  status(): FeedStatus {
    const { lanes, supervisor, ages, telling, pace } = this;
    const { target } = this.services;
    const parts = { lanes, supervisor, ages, telling, pace, target, index: this.parking.index };
    return statusOf(this.name, this.services.clock, parts);
  }

  /** Drains for `graceMs`, parks the rest, closes the target. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const { clock, target, log } = this.services;
    const deadline = clock.steadyMs() + graceMs;
    this.memory.wake();
    while (this.lanes.size > 0 && this.supervisor.up && clock.steadyMs() < deadline) {
      // Lanes that rest beyond the deadline are not worth waiting for.
      if (this.serving.restingBeyond(deadline) === this.lanes.lanes) break;
      await clock.sleep(20);
    }
    await this.parkRest();
    this.hardStop.abort();
    while (this.serving.underWay + this.ending.unsettled > 0) await clock.sleep(5);
    const flush = async (signal: AbortSignal): Promise<void> => target.flush?.({ signal });
    const tooLate = (): Error => new Error(`no answer within ${graceMs / 1000} s`);
    await within(Math.max(1, graceMs), undefined, flush, tooLate).catch((error: unknown) => {
      log.warn(`The target could not flush: ${messageOf(error)}`);
    });
    await this.supervisor.close();
    measureFeed(this.services.metrics, this.status());
  }

  private async parkRest(): Promise<void> {
    try {
      await this.ages.spill([...this.lanes.entries()]);
    } catch (error) {
      if (!(error instanceof StoppingError)) throw error;
      // The store takes nothing: events without a row are not acknowledged and come again.
      for (const entry of [...this.lanes.entries()]) this.ending.refused(entry, error);
    }
  }

  private mustPark(event: FeedEvent): boolean {
    if (this.ages.lagging || this.memory.isFull) return true;
    return this.gate.mustStayBehind(event) || this.ages.isParking(event.key.incidentId);
  }

  /** A parked row stands for the change that it was parked for. */
  private entryOf(event: FeedEvent, options: AcceptOptions): Entry {
    const { clock } = this.services;
    const [now, steadyMs] = [clock.now(), clock.steadyMs()];
    if (options.parkedRevision === undefined) {
      this.pace.took();
      return new Entry(event, now, steadyMs, options);
    }
    const changedAtMs = this.parking.index.sinceOf(event.key);
    return new Entry(event, now, steadyMs, { ...options, ...(changedAtMs === undefined ? {} : { changedAtMs }) });
  }

  private goOn(): void {
    this.serving.pump();
    this.memory.look();
  }

  private async rest(ms: number): Promise<void> {
    await this.services.clock.sleep(ms, this.hardStop.signal).catch(() => undefined);
  }

  /** Once a second: parks old events while new ones are taken, and sets the gauges until the stop has parked the rest. */
  private async watch(): Promise<void> {
    const { log, metrics } = this.services;
    while (!this.hardStop.signal.aborted) {
      await this.rest(1_000);
      if (!this.stopping)
        await this.ages.look().catch((error: unknown) => {
          if (error instanceof StoppingError) return;
          log.error(`Old events could not be parked: ${messageOf(error)}`, { error });
        });
      const status = this.status();
      this.pace.tick(status.pace.lagSeconds);
      measureFeed(metrics, status);
    }
  }
}
