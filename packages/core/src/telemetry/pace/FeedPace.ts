import type { Clock } from '../../contract/Clock.js';
import { ArrivalWindow } from './ArrivalWindow.js';
import type { Arrivals } from './ArrivalWindow.js';
import { RateWindow } from './RateWindow.js';
import type { Rates } from './RateWindow.js';

/** How fast one feed is, as of now. */
export interface PaceFigures {
  /**
   * Age of the oldest change that has not arrived and still comes by itself, s: under way, in line or waiting; 0 without any.
   */
  readonly lagSeconds: number;
  /**
   * From change to arrival, over the last 5 minutes: changes of the queue, and parked rows that came back. What a reload
   * reads is no change.
   */
  readonly arrivals: Arrivals;
  readonly perSecond: {
    /** Events that came to the feed, from the queue or a reload. */
    readonly received: Rates;
    readonly delivered: Rates;
  };
}

/** One minute of a feed's past. */
export interface PacePoint extends Arrivals {
  /** The beginning of the minute; ms since the epoch, host clock. */
  readonly atMs: number;
  readonly received: number;
  readonly delivered: number;
  /** The largest of the minute. */
  readonly lagSeconds: number;
}

const MINUTE_MS = 60_000;
const ARRIVAL_MINUTES = 5;
/** Six hours. */
const POINTS_KEPT = 360;

/** Measures one feed: rates, arrival times, and the last hours minute by minute. Its memory is bounded. */
export class FeedPace {
  private readonly received: RateWindow;
  private readonly delivered: RateWindow;
  private readonly arrivals = new ArrivalWindow(ARRIVAL_MINUTES);
  private readonly points: PacePoint[] = [];
  private minute: { atMs: number; received: number; delivered: number; lagSeconds: number };

  constructor(private readonly clock: Clock) {
    const now = clock.now();
    this.received = new RateWindow(now);
    this.delivered = new RateWindow(now);
    this.minute = minuteAt(now);
  }

  /** The finished minutes, oldest first. Minutes in which the host did not run are missing. */
  get history(): readonly PacePoint[] {
    return this.points;
  }

  took(): void {
    this.received.add(this.clock.now());
    this.minute.received += 1;
  }

  /** `tookMs`: from change to arrival; absent where it was no change. */
  arrived(tookMs?: number): void {
    this.delivered.add(this.clock.now());
    this.minute.delivered += 1;
    if (tookMs !== undefined) this.arrivals.add(tookMs);
  }

  /** Called once a second. */
  tick(lagSeconds: number): void {
    const now = this.clock.now();
    if (now < this.minute.atMs || now >= this.minute.atMs + MINUTE_MS) this.endMinute(now);
    this.minute.lagSeconds = Math.max(this.minute.lagSeconds, lagSeconds);
  }

  figures(lagSeconds: number): PaceFigures {
    const now = this.clock.now();
    return {
      lagSeconds,
      arrivals: this.arrivals.all(),
      perSecond: { received: this.received.rates(now), delivered: this.delivered.rates(now) },
    };
  }

  private endMinute(now: number): void {
    this.points.push({ ...this.minute, ...this.arrivals.nextMinute() });
    if (this.points.length > POINTS_KEPT) this.points.shift();
    this.minute = minuteAt(now);
  }
}

function minuteAt(ms: number): { atMs: number; received: number; delivered: number; lagSeconds: number } {
  return { atMs: Math.floor(ms / MINUTE_MS) * MINUTE_MS, received: 0, delivered: 0, lagSeconds: 0 };
}
