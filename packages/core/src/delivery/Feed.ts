import type { Clock } from '../contract/Clock.js';
import type { DeliveryOutcome } from '../contract/DeliveryResult.js';
import { StoppingError } from '../contract/errors.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { ParkedEvent } from '../contract/FeedStore.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { judgeFreshness } from '../lanes/judgeFreshness.js';
import type { LaneRun } from '../lanes/Lanes.js';
import { Lanes } from '../lanes/Lanes.js';
import type { Parking } from '../parking/Parking.js';
import { metricNames } from '../telemetry/metrics.js';
import { attempt } from './attempt.js';
import { backoffMs } from './backoff.js';
import { classify } from './classify.js';
import type { FeedCounts } from './Ending.js';
import { Ending, facts } from './Ending.js';
import type { AcceptOptions, Entry, Settled } from './Entry.js';
import { makeEntry } from './Entry.js';
import type { FeedState } from './Supervisor.js';
import { Supervisor } from './Supervisor.js';

export interface FeedOptions {
  /** Lanes served at once. */
  readonly concurrency: number;
  readonly maxAttempts: number;
  readonly deliverTimeoutMs: number;
  /** Age of an undelivered event beyond which it is parked, so that this feed holds up nobody else. */
  readonly spillAfterMs: number;
  /** Events in memory beyond which further ones are parked at once. */
  readonly maxQueued: number;
}

/** What a feed needs from the source to bring parked and doubtful events up to date. */
export interface EventSource {
  /** The event with the object as it is now; `undefined` when it is gone. */
  reread(event: FeedEvent): Promise<FeedEvent | undefined>;
  /** A parked row as an event again, read anew when its payload was not kept; `undefined` when it is gone. */
  rebuild(row: ParkedEvent): Promise<FeedEvent | undefined>;
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
  readonly counts: Readonly<FeedCounts>;
  /** Events in memory. */
  readonly queued: number;
  readonly parked: Readonly<Record<'waiting' | 'deferred' | 'failed' | 'undecided' | 'resync', number>>;
  /** Age of the oldest event that has not ended, ms. */
  readonly oldestMs?: number;
}

type Next = { readonly restMs: number } | undefined;

/**
 * One running feed: lanes, target and supervisor. It takes events, delivers each incident's in order and ends every
 * one of them: delivered, skipped, superseded, or parked durably.
 */
export class Feed {
  private readonly lanes = new Lanes<Entry>();
  private readonly supervisor: Supervisor;
  private readonly ending: Ending;
  private readonly hardStop = new AbortController();
  private readonly replaying = new Set<string>();
  private readonly roomWaiters: (() => void)[] = [];
  private active = 0;
  private stopping = false;
  private lagging = false;
  private gathering: { runs: LaneRun<Entry>[]; count: number; due: boolean } | undefined;

  constructor(
    readonly name: string,
    private readonly services: FeedServices,
    private readonly options: FeedOptions,
  ) {
    const { target, log, clock, parking, metrics } = services;
    this.supervisor = new Supervisor(target, log, clock);
    this.ending = new Ending(name, parking, log, metrics);
    this.supervisor.onUp(() => this.pump());
  }

  get parking(): Parking {
    return this.services.parking;
  }

  /** Whether parked rows may be brought back now. */
  get takesReplays(): boolean {
    return !this.stopping && this.supervisor.up && this.hasRoom;
  }

  get idle(): boolean {
    return this.lanes.size === 0;
  }

  get up(): boolean {
    return this.supervisor.up;
  }

  async start(): Promise<void> {
    await this.parking.load();
    await this.supervisor.start();
    void this.watchAge();
  }

  /**
   * Takes an event; resolves at its end. Rejects only when the host is stopping or the store cannot park: then nobody
   * may acknowledge it.
   */
  async accept(event: FeedEvent, options: AcceptOptions = {}): Promise<Settled> {
    if (this.stopping) throw new StoppingError();
    const { entry, ended } = makeEntry(event, this.services.clock.now(), options);
    if (options.parkedRevision === undefined && this.mustPark(event)) {
      await this.ending.parked(entry, { state: 'deferred' });
      return ended;
    }
    this.lanes.push(event.key.incidentId, entry);
    this.pump();
    return ended;
  }

  /** Brings one parked row back; ends without a word when it is under way already or gone meanwhile. */
  async replay(row: ParkedEvent): Promise<void> {
    const text = keyText(row.key);
    if (this.replaying.has(text)) return;
    this.replaying.add(text);
    try {
      const event = await this.services.source.rebuild(row);
      if (event === undefined) await this.endGone(row);
      else await this.accept(event, { parkedRevision: row.revision });
    } finally {
      this.replaying.delete(text);
    }
  }

  /** What waits for an object that will never come ends: its parent is gone at the source, and so is it. */
  async skipWaitingOn(parent: ObjectKey): Promise<void> {
    for (const row of await this.parking.waitingOn(parent)) await this.endGone(row);
  }

  /** Whether an event of this incident is on its way. */
  holds(incidentId: number): boolean {
    return this.lanes.has(incidentId);
  }

  /** Resolves when another page of a reload fits. */
  async room(): Promise<void> {
    while (!this.stopping && !this.hasRoom) {
      await new Promise<void>((resolve) => this.roomWaiters.push(resolve));
    }
  }

  status(): FeedStatus {
    const { index } = this.parking;
    const ages = [...this.lanes.entries()].map((entry) => this.services.clock.now() - entry.acceptedAtMs);
    const problem = this.supervisor.lastProblem;
    return {
      name: this.name,
      state: this.supervisor.current,
      ...(problem === undefined ? {} : { problem }),
      counts: { ...this.ending.counts },
      queued: this.lanes.size,
      parked: {
        waiting: index.count('waiting'),
        deferred: index.count('deferred'),
        failed: index.count('failed'),
        undecided: index.count('undecided'),
        resync: index.count('resync'),
      },
      ...(ages.length === 0 ? {} : { oldestMs: Math.max(...ages) }),
    };
  }

  /** Drains for `graceMs`, parks the rest, closes the target. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const { clock, target, log } = this.services;
    const deadline = clock.now() + graceMs;
    while (this.lanes.size > 0 && this.supervisor.up && clock.now() < deadline) await clock.sleep(20);
    for (const entry of [...this.lanes.entries()]) if (entry.parkedRevision === undefined) await this.spill(entry);
    this.hardStop.abort();
    while (this.active > 0) await clock.sleep(5);
    for (const waiter of this.roomWaiters.splice(0)) waiter();
    await target.flush?.({ signal: AbortSignal.timeout(graceMs) }).catch((error: unknown) => log.warn(`flush failed: ${String(error)}`));
    await this.supervisor.close();
  }

  /** Twice as many incidents as can be served, so that no slot waits for the source; events bounded besides. */
  private get hasRoom(): boolean {
    return this.lanes.lanes < this.options.concurrency * 2 && this.lanes.size < this.options.maxQueued;
  }

  private mustPark(event: FeedEvent): boolean {
    if (this.lagging || this.lanes.size >= this.options.maxQueued) return true;
    return this.mustStayBehind(event);
  }

  /** A parked row is never overtaken: neither by a newer event of its object, nor by its incident's line. */
  private mustStayBehind({ key }: FeedEvent): boolean {
    return this.parking.index.has(key) || this.parking.index.hasDeferred(key.incidentId);
  }

  private pump(): void {
    const { batch } = this.services.target.capabilities;
    while (this.supervisor.up && !this.hardStop.signal.aborted && this.active < this.options.concurrency) {
      const runs = batch === undefined ? this.takeOne() : this.gather(batch.maxEvents, batch.maxWaitMs);
      if (runs === undefined) return;
      this.active += 1;
      void this.serve(runs);
    }
  }

  private takeOne(): readonly LaneRun<Entry>[] | undefined {
    const run = this.lanes.take(1);
    return run === undefined ? undefined : [run];
  }

  /** Head runs of several lanes travel together: at `maxEvents`, or `maxWaitMs` after the first came. */
  private gather(maxEvents: number, maxWaitMs: number): readonly LaneRun<Entry>[] | undefined {
    const gathering = (this.gathering ??= { runs: [], count: 0, due: false });
    while (gathering.count < maxEvents) {
      const run = this.lanes.take(maxEvents - gathering.count);
      if (run === undefined) break;
      gathering.runs.push(run);
      gathering.count += run.entries.length;
      if (gathering.runs.length === 1) {
        void this.rest(maxWaitMs).then(() => {
          gathering.due = true;
          this.pump();
        });
      }
    }
    if (gathering.count === 0 || (gathering.count < maxEvents && !gathering.due)) return undefined;
    this.gathering = undefined;
    return gathering.runs;
  }

  private async serve(runs: readonly LaneRun<Entry>[]): Promise<void> {
    const entries = runs.flatMap((run) => run.entries);
    const rests = new Map<Entry, number>();
    try {
      const fresh = await this.freshOf(entries);
      const outcomes = fresh.length === 0 ? [] : await this.call(fresh);
      for (const [at, entry] of fresh.entries()) {
        const next = await this.conclude(entry, outcomes[at] as DeliveryOutcome);
        if (next !== undefined) rests.set(entry, next.restMs);
      }
    } catch (error) {
      // Only a stopping host or a programming error comes here: nothing is acknowledged, the broker brings it again.
      if (!(error instanceof StoppingError)) this.services.log.error(`An event could not be ended: ${String(error)}`, { error });
      for (const entry of entries) this.refuse(entry, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.active -= 1;
      for (const run of runs) this.release(run, rests);
      this.pump();
      if (this.hasRoom) for (const waiter of this.roomWaiters.splice(0)) waiter();
    }
  }

  private async call(entries: readonly Entry[]): Promise<readonly DeliveryOutcome[]> {
    const { target, clock, metrics, log } = this.services;
    const generation = this.supervisor.generation;
    const startedAt = clock.now();
    const outcomes = await attempt(
      target,
      entries.map((entry) => entry.event),
      { attempt: Math.max(...entries.map((entry) => entry.attempts)) + 1, log },
      { timeoutMs: this.options.deliverTimeoutMs, signal: this.hardStop.signal },
    );
    metrics.count(metricNames.attempts, { feed: this.name }, entries.length);
    metrics.observe(metricNames.deliverySeconds, (clock.now() - startedAt) / 1000, { feed: this.name });
    for (const outcome of outcomes) {
      if (outcome.status !== 'failed') continue;
      const verdict = classify(outcome.error);
      if (verdict.move === 'pause') this.supervisor.lost(outcome.error, generation, verdict.retryAfterMs);
    }
    return outcomes;
  }

  /** Drops what is older than what was applied, and brings up to date what cannot be compared. */
  private async freshOf(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const fresh: Entry[] = [];
    for (const entry of entries) {
      if (entry.parkedRevision === undefined && this.mustStayBehind(entry.event)) {
        await this.end(entry, () => this.ending.parked(entry, { state: 'deferred' }));
        continue;
      }
      const judgement = judgeFreshness(entry.event, await this.parking.last(entry.event.key), entry.requestedAtMs);
      if (judgement === 'superseded') {
        await this.end(entry, () => this.ending.superseded(entry));
        continue;
      }
      if (judgement === 'reread') {
        const now = await this.services.source.reread(entry.event);
        if (now === undefined) {
          await this.end(entry, () => this.ending.skipped(entry, 'gone at the source'));
          continue;
        }
        entry.event = now;
      }
      fresh.push(entry);
    }
    return fresh;
  }

  private async conclude(entry: Entry, outcome: DeliveryOutcome): Promise<Next> {
    switch (outcome.status) {
      case 'delivered':
        await this.end(entry, () => this.ending.delivered(entry, outcome));
        await this.afterSettling(entry.event);
        return undefined;
      case 'skipped':
        await this.end(entry, () => this.ending.skipped(entry, outcome.reason));
        await this.afterSettling(entry.event);
        return undefined;
      case 'waiting':
        await this.end(entry, () => this.ending.parked(entry, { state: 'waiting', on: outcome.on }));
        return undefined;
      case 'failed':
        return this.concludeFailure(entry, outcome.error);
    }
  }

  private async concludeFailure(entry: Entry, error: Error): Promise<Next> {
    if (this.hardStop.signal.aborted) return undefined; // stop() has parked it
    const verdict = await this.verdictOf(error);
    switch (verdict.move) {
      case 'pause':
        return undefined; // keeps its place at the head of its lane; no attempt is charged
      case 'gone':
        await this.end(entry, () => this.ending.skipped(entry, 'gone at the source'));
        return undefined;
      case 'retry':
        entry.attempts += 1;
        if (entry.attempts < this.options.maxAttempts) {
          const restMs = backoffMs(entry.attempts, verdict.retryAfterMs);
          const say = entry.attempts === 1 ? 'warn' : 'debug';
          this.services.log[say](`Will be tried again in ${restMs} ms: ${error.message}`, {
            ...facts(entry.event),
            code: verdict.code,
            attempt: entry.attempts,
          });
          return { restMs };
        }
        break;
      case 'give-up':
        entry.attempts += 1;
        if (verdict.code === 'programming-error') this.services.log.error(`A fault in the target: ${error.message}`, { error });
    }
    const why = { state: 'failed', code: verdict.code, message: error.message, attempts: entry.attempts } as const;
    await this.end(entry, () => this.ending.parked(entry, why));
    return undefined;
  }

  /** A 403 is the object's own, unless the target says of itself that it is down (rule 7 of delivery). */
  private async verdictOf(error: Error): Promise<ReturnType<typeof classify>> {
    const verdict = classify(error);
    const { target } = this.services;
    if (verdict.move !== 'give-up' || !isForbidden(error) || target.health === undefined) return verdict;
    const health = await target.health({ signal: this.hardStop.signal }).catch(() => ({ state: 'down' }));
    if (health.state !== 'down') return verdict;
    this.supervisor.lost(error, this.supervisor.generation);
    return { move: 'pause', code: verdict.code };
  }

  /** The store first, then the lane: a crash between leaves a row, never a gap. */
  private async end(entry: Entry, ending: () => Promise<void>): Promise<void> {
    await ending();
    this.lanes.remove(entry.event.key.incidentId, entry);
  }

  private async afterSettling(event: FeedEvent): Promise<void> {
    if (event.operation === 'delete') {
      if (event.key.type === 'incident' || event.key.type === 'task') await this.parking.removeBelow(event.key);
      return;
    }
    void this.wake(event.key);
  }

  /** Children that waited for this object are delivered now, oldest first. */
  private async wake(parent: ObjectKey): Promise<void> {
    try {
      const rows = await this.parking.waitingOn(parent);
      await Promise.all(rows.map((row) => this.replay(row)));
    } catch (error) {
      if (!(error instanceof StoppingError)) this.services.log.error(`Waiting objects could not be woken: ${String(error)}`, { error });
    }
  }

  private async endGone(row: ParkedEvent): Promise<void> {
    const { key, revision } = row;
    await this.parking.settle({ key, eventId: `parked:${keyText(key)}`, outcome: 'skipped', deleted: false, parkedRevision: revision });
    this.ending.counts.skipped += 1;
    this.services.log.debug('skipped: gone at the source', { type: key.type, objectId: key.objectId, incidentId: key.incidentId });
  }

  private release({ lane }: LaneRun<Entry>, rests: ReadonlyMap<Entry, number>): void {
    const restMs = Math.max(0, ...lane.all().map((entry) => rests.get(entry) ?? 0));
    if (restMs === 0) {
      this.lanes.finish(lane);
      return;
    }
    // The lane rests with its head in place; its slot is free for others meanwhile.
    void this.rest(restMs).then(() => {
      this.lanes.finish(lane);
      this.pump();
    });
  }

  private async rest(ms: number): Promise<void> {
    await this.services.clock.sleep(ms, this.hardStop.signal).catch(() => undefined);
  }

  private refuse(entry: Entry, error: Error): void {
    this.lanes.remove(entry.event.key.incidentId, entry);
    entry.refuse(error);
  }

  /** Once a second: what has waited longer than `spill_after` is parked, so that its message can be acknowledged. */
  private async watchAge(): Promise<void> {
    const { clock, log, metrics } = this.services;
    while (!this.stopping) {
      await this.rest(1_000);
      try {
        await this.spillOld();
      } catch (error) {
        if (!(error instanceof StoppingError)) log.error(`Old events could not be parked: ${String(error)}`, { error });
      }
      const status = this.status();
      metrics.gauge(metricNames.laneDepth, status.queued, { feed: this.name });
      metrics.gauge(metricNames.oldestEventSeconds, (status.oldestMs ?? 0) / 1000, { feed: this.name });
      metrics.gauge(metricNames.up, this.supervisor.up ? 1 : 0, { feed: this.name });
      for (const [reason, count] of Object.entries(status.parked)) metrics.gauge(metricNames.parked, count, { feed: this.name, reason });
      void clock;
    }
  }

  private async spillOld(): Promise<void> {
    const { clock, log } = this.services;
    const { spillAfterMs } = this.options;
    const away = !this.supervisor.up && this.supervisor.sinceMs > spillAfterMs;
    const waiting = new Set(this.lanes.waiting());
    const old = [...this.lanes.entries()].filter(
      (entry) => entry.parkedRevision === undefined && clock.now() - entry.acceptedAtMs > spillAfterMs,
    );
    for (const entry of old) await this.spill(entry);
    const lags = away || old.some((entry) => waiting.has(entry));
    if (lags && !this.lagging) log.warn('The feed lags: further events are parked until it has caught up.', { event: 'feed.lagging' });
    if (this.lagging && !lags && this.supervisor.up && this.parking.index.count('deferred') === 0) {
      log.info('The feed has caught up.', { event: 'feed.caught-up' });
      this.lagging = false;
    }
    if (lags) this.lagging = true;
  }

  /** Gives the event a durable row and frees whoever brought it; a delivery under way goes on and removes the row. */
  private async spill(entry: Entry): Promise<void> {
    await this.ending.parked(entry, { state: 'deferred' });
    const row = await this.parking.find(entry.event.key);
    if (row !== undefined) entry.parkedRevision = row.revision;
    if ([...this.lanes.waiting()].includes(entry)) this.lanes.remove(entry.event.key.incidentId, entry);
  }
}

function isForbidden(error: Error): boolean {
  return (error as { readonly status?: unknown }).status === 403;
}
