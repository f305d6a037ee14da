import type { Clock } from '../contract/Clock.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { ListedRow, ParkedFailure, ParkReason } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import type { EventWatch, PassingEvent } from '../telemetry/EventWatch.js';
import { metricNames } from '../telemetry/metrics.js';
import type { FeedPace } from '../telemetry/pace/FeedPace.js';
import { UNDECIDED } from '../trouble/classify.js';
import type { Entry } from './Entry.js';
import { facts } from './facts.js';

/** Why an event is parked; a wish to load a whole incident is no event. */
export type EventParkReason = Exclude<ParkReason, { state: 'resync' }>;

/** What became of the feed's events since the start. */
export interface FeedCounts {
  delivered: number;
  skipped: number;
  superseded: number;
  parked: number;
  failed: number;
}

type Change = 'created' | 'updated' | 'deleted' | 'unchanged';

export interface TellingServices {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly pace: FeedPace;
  readonly watch: EventWatch;
}

/** Tells of every end: in the counts, the log, the metrics, the feed's pace, and to whoever watches. */
export class Telling {
  readonly counts: FeedCounts = { delivered: 0, skipped: 0, superseded: 0, parked: 0, failed: 0 };

  constructor(
    private readonly feed: string,
    private readonly services: TellingServices,
  ) {}

  /** The destination has it now. Returns what tells so, once that is durable. */
  arrival(entry: Entry, change: Change, ref: string | undefined): () => void {
    const { log, clock, pace, metrics } = this.services;
    const tookMs = this.tookMs(entry, clock.now());
    return () => {
      this.counts.delivered += 1;
      pace.arrived(tookMs);
      if (tookMs !== undefined) metrics.observe(metricNames.arrivalSeconds, tookMs / 1000, { feed: this.feed });
      log.debug('delivered', { ...facts(entry.event), change, ref });
      this.ended(entry, change, { outcome: change }, tookMs);
    };
  }

  skipped(entry: Entry, reason: string): void {
    this.counts.skipped += 1;
    this.services.log.debug('skipped', { ...facts(entry.event), reason });
    this.ended(entry, 'skipped', { outcome: 'skipped' });
  }

  superseded(entry: Entry): void {
    this.counts.superseded += 1;
    this.services.log.debug('superseded', facts(entry.event));
    this.ended(entry, 'superseded', { outcome: 'superseded' });
  }

  parked(entry: Entry, why: EventParkReason, reason: string): void {
    const { log } = this.services;
    this.counts.parked += 1;
    if (why.state === 'undecided') {
      log.warn(`Parked as undecided: ${why.message}`, { ...facts(entry.event), event: 'parked', code: UNDECIDED });
    } else if (why.state === 'failed') {
      this.failure(facts(entry.event), why);
    } else {
      log.debug('parked', { ...facts(entry.event), reason });
    }
    const code = why.state === 'failed' ? { code: why.code } : {};
    this.ended(entry, `parked_${why.state}`, { outcome: why.state, ...code });
  }

  /** A try failed, and another follows. */
  retried(entry: Entry, code: string): void {
    this.pass(entry, { outcome: 'retried', code });
  }

  /** A row whose object is gone at the source. */
  rowGone({ key: { type, objectId, incidentId }, operation }: ListedRow, reason: string): void {
    this.counts.skipped += 1;
    this.services.log.debug('skipped', { type, objectId, incidentId, reason });
    this.services.watch.tell(() => ({
      ...{ atMs: this.services.clock.now(), feed: this.feed, type, objectId, incidentId, operation },
      ...{ origin: 'replay', outcome: 'skipped' },
    }));
  }

  /** A row whose object cannot be read. */
  rowFailed({ key: { type, objectId, incidentId }, operation }: ListedRow, why: ParkedFailure): void {
    this.counts.parked += 1;
    this.failure({ type, objectId, incidentId, operation, origin: 'replay' }, why);
    this.count(type, 'parked_failed');
    this.services.watch.tell(() => ({
      ...{ atMs: this.services.clock.now(), feed: this.feed, type, objectId, incidentId, operation },
      ...{ origin: 'replay', outcome: 'failed', code: why.code },
    }));
  }

  private failure(of: Record<string, unknown>, { code, message, attempts }: ParkedFailure): void {
    this.counts.failed += 1;
    this.services.log.warn(`Parked as failed: ${message}`, { ...of, event: 'parked', code, attempts });
  }

  private ended(entry: Entry, result: string, how: Pick<PassingEvent, 'outcome' | 'code'>, tookMs?: number): void {
    this.count(entry.event.key.type, result);
    this.pass(entry, how, tookMs);
  }

  private count(type: string, result: string): void {
    this.services.metrics.count(metricNames.events, { feed: this.feed, type, result });
  }

  private pass(entry: Entry, how: Pick<PassingEvent, 'outcome' | 'code'>, tookMs?: number): void {
    const { watch, clock } = this.services;
    watch.tell(() => {
      const atMs = clock.now();
      const ms = tookMs ?? this.tookMs(entry, atMs);
      return { ...whichOf(entry.event), feed: this.feed, atMs, ...how, ...(ms === undefined ? {} : { ms }) };
    }, entry.event);
  }

  /** From the change until then; `undefined` if nobody knows when it was, or it is none. */
  private tookMs({ changedAtMs }: Entry, atMs: number): number | undefined {
    return changedAtMs === undefined ? undefined : Math.max(0, atMs - changedAtMs);
  }
}

/** Which object an event is about, for whoever watches. */
export function whichOf({
  key,
  operation,
  origin,
}: FeedEvent): Pick<PassingEvent, 'type' | 'objectId' | 'incidentId' | 'operation' | 'origin'> {
  const { type, objectId, incidentId } = key;
  return { type, objectId, incidentId, operation, origin };
}
