import { Baselines } from './Baselines.js';
import { LimitWindow } from './LimitWindow.js';
import type { Begun, WindowFigures } from './LimitWindow.js';

/** Where a server begins that nobody knows yet. */
const FIRST = 4;

/** Latency that grew by less than this share has not grown; by a little more, where the figures are uncertain. */
const TOLERANCE = 0.05;
const MOST_DOUBT = 0.04;

/** How far the limit is lowered to see what becomes of the latency. */
const DIP = 0.8;

/** Factors by which it climbs: until a server has shown its knee, and afterwards up to the knee that is known. */
const CLIMB = { unknown: 2, known: 1.5 } as const;

/** How far it is raised, by one request at least, to see whether the server serves more at once. */
const LIFT = 1.1;

/** It stays a little below the knee: other people are at the server, too. */
const BELOW_KNEE = 0.95;

/** After a lift in vain, it falls to this share at least: baselines may be old. */
const LEAST_STEP = 0.9;

/** Of the limit at which a server refused: the knee, until more is known. */
const REFUSED_SHARE = 0.75;

/** Windows that a limit stays before a little more is tried: first, and at most after that was in vain again and again. */
const HOLD = { first: 8, most: 32 } as const;

/** So many windows after a dip, there is another one, because baselines age. */
const DIP_EVERY = 32;

/**
 * climb  → climb    the limit is used up, and the latency has not grown: raised by a factor
 * climb  → cruise   at the most that is allowed, or at the knee that is known
 * cruise → lift     held for a while, then raised for one window
 * lift   → cruise   the latency rose half as much as the limit, or more: that only made a queue, and the limit goes back, to be
 *                   held for longer. Otherwise it stays, and the next lift follows
 * climb, cruise → dip      the latency has grown, or the last dip is long ago: lowered for one window
 * dip    → cruise   the latency fell with the limit: there was a queue, and the limit falls to where there is none. It did not
 *                   fall: the server is slower for everybody; the limit goes back, and the baselines follow
 * any    → climb    the server refused (429, 503) or did not answer in time: halved, once for all requests that were under way
 */
type Phase = 'climb' | 'cruise' | 'lift' | 'dip';

/**
 * How many requests a server may have at once: the knee, from where on more of them wait in its queue instead of being served.
 * As throughput is requests under way ÷ latency, throughput rises as long as the latency stays when the limit is raised. So
 * two limits are compared by the latency under each; a comparison with the baselines only says when it is time to compare.
 *
 * A state machine on what it is told; it has no clock and no timers.
 */
export class AdaptiveLimit {
  private readonly baselines = new Baselines();
  private readonly window = new LimitWindow();
  private phase: Phase = 'climb';
  private width: number;
  /** Where the limit stood before the lift or the dip, and the latency there. */
  private before: { readonly width: number; readonly figures: WindowFigures } | undefined;
  private knee: number | undefined;
  private hold = HOLD.first as number;
  private holdLeft = 0;
  private sinceDip = 0;
  /** How many times their baselines requests take at present. */
  private load = 1;
  private refusedAtMs = -Infinity;
  /** A window has ended since the last refusal. */
  private hasServed = false;

  constructor(private most = Infinity) {
    this.width = Math.min(FIRST, most);
  }

  /** Requests that may be under way; at least 1. */
  get limit(): number {
    return Math.max(1, Math.min(this.most, Math.round(this.width)));
  }

  /** Never more than this. */
  bound(most: number): void {
    this.most = most;
    this.width = Math.min(this.width, most);
  }

  /** `kind`: requests of one kind take about as long as each other. `tookMs`: from being sent until the answer began. */
  answered(kind: string, begun: Begun, tookMs: number, nowMs: number): void {
    if (!this.window.takes(begun, nowMs)) return;
    const ratio = this.baselines.ratio(kind, tookMs, this.load);
    if (ratio !== undefined) this.window.add({ kind, tookMs, ratio, full: begun.inFlight >= this.limit, begun });
    if (this.window.count >= this.wanted) this.judge(nowMs);
  }

  /** The server refused because of its load, or did not answer in time. */
  refused(begun: Begun, nowMs: number): void {
    if (begun.atMs <= this.refusedAtMs) return;
    const width = this.before?.width ?? this.width;
    // Refusals in a row are one outage: they say nothing about lower limits.
    if (this.hasServed || this.knee === undefined) this.knee = Math.max(1, width * REFUSED_SHARE);
    this.hasServed = false;
    this.refusedAtMs = nowMs;
    this.holdLeft = this.hold;
    this.move('climb', width / 2, nowMs);
  }

  private get wanted(): number {
    return Math.max(this.phase === 'climb' ? 10 : 30, 2 * this.limit);
  }

  private judge(nowMs: number): void {
    const figures = this.window.figures();
    const { before } = this;
    this.hasServed = true;
    this.load = figures.ratio;
    this.sinceDip += 1;
    if (before !== undefined) {
      if (this.phase === 'lift') return this.afterLift(before, figures, nowMs);
      return this.afterDip(before, figures, nowMs);
    }
    if (!figures.full && figures.peak <= this.limit / 2) {
      this.window.learn(this.baselines);
      return this.move(this.phase, this.width, nowMs);
    }
    const hasGrown = figures.ratio - 1 > allowance(figures.doubt);
    if (hasGrown || (figures.full && this.sinceDip >= DIP_EVERY)) return this.dip(figures, nowMs);
    if (figures.full) return this.raise(figures, nowMs);
    this.move(this.phase, this.width, nowMs);
  }

  private raise(figures: WindowFigures, nowMs: number): void {
    if (this.phase === 'climb') {
      const upTo = Math.min(this.most, this.knee ?? Infinity);
      const width = Math.min(upTo, this.width * (this.knee === undefined ? CLIMB.unknown : CLIMB.known));
      this.holdLeft = this.hold;
      return this.move(width < upTo ? 'climb' : 'cruise', width, nowMs);
    }
    this.holdLeft -= 1;
    if (this.holdLeft > 0 || this.limit >= this.most) return this.move('cruise', this.width, nowMs);
    this.before = { width: this.width, figures };
    this.move('lift', Math.max(this.limit + 1, this.width * LIFT), nowMs);
  }

  private afterLift({ width, figures }: NonNullable<typeof this.before>, lifted: WindowFigures, nowMs: number): void {
    const raised = this.limit / Math.round(width) - 1;
    if (lifted.full && lifted.ratio / figures.ratio - 1 < raised / 2) {
      this.holdLeft = 1;
      return this.move('cruise', this.width, nowMs);
    }
    this.knee = Math.min(width, this.limit / Math.max(1, lifted.ratio));
    this.hold = Math.min(HOLD.most, this.hold * 2);
    this.holdLeft = this.hold;
    this.move('cruise', Math.max(width * LEAST_STEP, this.knee * BELOW_KNEE), nowMs);
  }

  private dip(figures: WindowFigures, nowMs: number): void {
    const width = Math.min(this.limit, figures.peak);
    if (width <= 1) {
      // There is no less than one at a time: however long that takes is the baseline.
      this.window.learn(this.baselines);
      if (figures.ratio > 1) this.baselines.scale(figures.ratio);
      return this.raise(figures, nowMs);
    }
    this.before = { width, figures };
    this.move('dip', Math.max(1, Math.min(width - 1, Math.floor(width * DIP))), nowMs);
  }

  private afterDip({ width, figures }: NonNullable<typeof this.before>, dipped: WindowFigures, nowMs: number): void {
    const gain = figures.ratio / dipped.ratio;
    const isQueue = gain - 1 > allowance(Math.hypot(figures.doubt, dipped.doubt));
    const isSlower = dipped.ratio - 1 > allowance(dipped.doubt);
    if (!isSlower) this.window.learn(this.baselines);
    else if (!isQueue) this.baselines.scale(dipped.ratio);
    this.sinceDip = 0;
    if (!isQueue) {
      this.move(this.knee === undefined ? 'climb' : 'cruise', width, nowMs);
      return;
    }
    const knee = Math.max(1, (width / gain) * BELOW_KNEE);
    // Something has changed, or this was chance: the next lift, soon, will show.
    this.hold = HOLD.first;
    this.knee = knee;
    this.holdLeft = this.hold;
    this.move('cruise', knee, nowMs);
  }

  private move(phase: Phase, width: number, nowMs: number): void {
    if (phase !== 'dip' && phase !== 'lift') this.before = undefined;
    const was = this.limit;
    this.phase = phase;
    this.width = Math.max(1, Math.min(this.most, width));
    this.window.begin(nowMs, this.limit !== was);
  }
}

/** By how much a latency may differ before that means anything. */
function allowance(doubt: number): number {
  return TOLERANCE + Math.min(MOST_DOUBT, 2 * doubt);
}
