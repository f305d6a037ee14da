import type { Clock } from '@soar-feed/core';

/** How a server's clock stands to ours, as far as it was measured. */
export interface MeasuredClock {
  /** Whether any answer has told the time yet. */
  readonly measured: boolean;
  /** Server minus ours, ms; 0 until measured. */
  readonly offsetMs: number;
  /** By how much that may be wrong, ms. */
  readonly uncertaintyMs: number;
}

/** Two clocks of one server (its own and its gateway's) may differ by so much, ms. */
const SERVER_SLACK_MS = 10_000;

/** Where nothing was measured, ms. */
const UNMEASURED_SLACK_MS = 5 * 60_000;

/** The dates of three clocks made comparable: ours, the target's and the source's. None of them is trusted. */
export class Clocks {
  constructor(
    private readonly ours: Clock,
    private readonly target: () => MeasuredClock | undefined,
    private readonly source: () => MeasuredClock | undefined,
  ) {}

  /** ms, our clock. */
  now(): number {
    return this.ours.now();
  }

  /** ms, as the target's server dates what it makes now. */
  targetNow(): number {
    return this.now() + offsetOf(this.target());
  }

  /** A date of the source, by our clock. */
  sourceToOurs(ms: number): number {
    return ms - offsetOf(this.source());
  }

  /** A date of the source, by the target's clock. */
  sourceToTarget(ms: number): number {
    return this.sourceToOurs(ms) + offsetOf(this.target());
  }

  /** By how much a date of the target, compared with `targetNow`, may be wrong (ms). */
  get targetSlackMs(): number {
    return slackOf(this.target());
  }

  /** Whether a date of the source is before one of ours; in doubt it is. */
  sourceWasBefore(ms: number, oursMs: number): boolean {
    return this.sourceToOurs(ms) < oursMs + (this.source()?.uncertaintyMs ?? 0);
  }

  /** By how much a date of the source, compared with another server's, may be wrong (ms). */
  get sourceSlackMs(): number {
    return slackOf(this.source());
  }
}

function offsetOf(clock: MeasuredClock | undefined): number {
  return clock?.offsetMs ?? 0;
}

function slackOf(clock: MeasuredClock | undefined): number {
  return clock?.measured === true ? SERVER_SLACK_MS + clock.uncertaintyMs : UNMEASURED_SLACK_MS;
}
