import type { Baselines } from './Baselines.js';

/** A request that is under way. */
export interface Begun {
  /** ms, a clock that nobody sets. */
  readonly atMs: number;
  /** Requests under way, this one included. */
  readonly inFlight: number;
}

/** A window that did not come to its end by then begins anew, ms: what it holds is old. */
const OLD_AFTER_MS = 60_000;

interface Sample {
  readonly kind: string;
  readonly tookMs: number;
  /** How many times its baseline that is. */
  readonly ratio: number;
  /** As many were under way as the limit allows. */
  readonly full: boolean;
  readonly begun: Begun;
}

export interface WindowFigures {
  /** How many times their baselines the requests took, on average. */
  readonly ratio: number;
  /** The standard error of that. */
  readonly doubt: number;
  /** At least half of the requests found the limit used up. */
  readonly full: boolean;
  /** The most requests that were under way at once. */
  readonly peak: number;
}

/** The requests of a stretch under one limit. */
export class LimitWindow {
  private samples: Sample[] = [];
  /** Only what begins from here on counts: before, the queue of another limit was still at the server. */
  private fromMs = 0;
  /** The limit was changed then, and nothing that began since has been answered. */
  private changedAtMs: number | undefined;

  get count(): number {
    return this.samples.length;
  }

  begin(nowMs: number, limitChanged: boolean): void {
    this.samples = [];
    this.fromMs = nowMs;
    this.changedAtMs = limitChanged ? nowMs : undefined;
  }

  /** Whether a request counts that was just answered. */
  takes({ atMs }: Begun, nowMs: number): boolean {
    if (this.changedAtMs !== undefined) {
      if (atMs < this.changedAtMs) return false;
      this.begin(nowMs, false);
      return false;
    }
    if (this.samples.length > 0 && nowMs - this.fromMs > OLD_AFTER_MS) this.begin(nowMs, false);
    return atMs >= this.fromMs;
  }

  add(sample: Sample): void {
    this.samples.push(sample);
  }

  figures(): WindowFigures {
    const { samples } = this;
    const ratio = meanOf(samples.map((sample) => sample.ratio));
    const spread = meanOf(samples.map((sample) => (sample.ratio - ratio) ** 2));
    return {
      ratio,
      doubt: Math.sqrt(spread / samples.length),
      full: samples.filter(({ full }) => full).length * 2 >= samples.length,
      peak: Math.max(...samples.map(({ begun }) => begun.inFlight)),
    };
  }

  learn(baselines: Baselines): void {
    for (const { kind, tookMs } of this.samples) baselines.learn(kind, tookMs);
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
