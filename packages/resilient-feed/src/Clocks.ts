import type { Clock, SourceOrg } from '@soar-feed/core';

/** Offset of a server's clock from ours, as far as it was measured (`SoarClient.clock`). */
export type MeasuredClock = NonNullable<SourceOrg['serverClock']>;

/** ms since the epoch, both by the target's clock. */
export type Since = (shownMs: number) => number;

/** Largest difference between two clocks of one server (its own and its gateway's), ms. */
const SERVER_SLACK_MS = 10_000;

/** Uncertainty while nothing was measured, ms. */
const UNMEASURED_SLACK_MS = 5 * 60_000;

/** Makes dates of three clocks comparable: ours, the target's and the source's. None of them is trusted. */
export class Clocks {
  constructor(
    private readonly ours: Clock,
    private readonly target: () => MeasuredClock | undefined,
    private readonly source: () => MeasuredClock | undefined,
  ) {}

  /** For durations: ms of our machine, whatever its clock is set to. */
  steadyMs(): number {
    return this.ours.steadyMs();
  }

  /** What the target's clock shows now, ms since the epoch. */
  targetNow(): number {
    return this.nowOf(this.target());
  }

  /** What the source's clock shows now, ms since the epoch. */
  sourceNow(): number {
    return this.nowOf(this.source());
  }

  /** Converts a date of the source to the target's clock. */
  sourceToTarget(ms: number): number {
    return ms - offsetOf(this.source()) + offsetOf(this.target());
  }

  /**
   * Whether a date of the target is after one of the source, if each server dates by the clock that it was measured by: a guess, as
   * its gateway may have another one.
   */
  isAfter(targetMs: number, sourceMs: number): boolean {
    const [source, target] = [this.source(), this.target()];
    const doubtMs = (source?.uncertaintyMs ?? 0) + (target?.uncertaintyMs ?? 0);
    return targetMs >= this.sourceToTarget(sourceMs) - doubtMs;
  }

  /**
   * Whether a date of the source is before a moment of `steadyMs`, by the source's clock as it is known now: it may have been measured
   * better since. `true` in doubt.
   */
  sourceWasBefore(ms: number, steadyMs: number): boolean {
    const thenMs = this.sourceNow() - (this.steadyMs() - steadyMs);
    return ms < thenMs + (this.source()?.uncertaintyMs ?? 0);
  }

  /** Whether a date of the source is in its future: its clock has been set back since, and the date says nothing. */
  isAheadOfSource(ms: number): boolean {
    return ms > this.sourceNow() + this.sourceSlackMs;
  }

  /** The earliest date that the target may give to what was made after its clock showed this. Any, if that was set back since. */
  readonly targetSince: Since = (shownMs) => {
    const earliestMs = shownMs - this.targetSlackMs;
    return earliestMs > this.targetNow() ? -Infinity : earliestMs;
  };

  /** Largest error of a date of the target compared with `targetNow`, ms. */
  get targetSlackMs(): number {
    return slackOf(this.target());
  }

  /** Largest error of a date of the source compared with another server's, ms. */
  get sourceSlackMs(): number {
    return slackOf(this.source());
  }

  private nowOf(server: MeasuredClock | undefined): number {
    return server?.measured === true ? server.serverNow() : this.ours.now();
  }
}

function offsetOf(clock: MeasuredClock | undefined): number {
  return clock?.offsetMs ?? 0;
}

function slackOf(clock: MeasuredClock | undefined): number {
  return clock?.measured === true ? SERVER_SLACK_MS + clock.uncertaintyMs : UNMEASURED_SLACK_MS;
}
