import type { Clock, SourceOrg } from '@soar-feed/core';

/** How a server's clock stands to ours, as far as it was measured (`SoarClient.clock`). */
export type MeasuredClock = NonNullable<SourceOrg['serverClock']>;

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

  /** ms, our clock: for lengths of time, never to be compared with a server's date. */
  now(): number {
    return this.ours.now();
  }

  /** ms, as the target's server dates what it makes now. */
  targetNow(): number {
    return this.nowOf(this.target());
  }

  /** ms, as the source's server dates what it makes now. */
  sourceNow(): number {
    return this.nowOf(this.source());
  }

  /** A date of the source, by the target's clock. */
  sourceToTarget(ms: number): number {
    return ms - offsetOf(this.source()) + offsetOf(this.target());
  }

  /** Whether a date of the source is before another one that `sourceNow` told; in doubt it is. */
  sourceWasBefore(ms: number, toldMs: number): boolean {
    return ms < toldMs + (this.source()?.uncertaintyMs ?? 0);
  }

  /** By how much a date of the target, compared with `targetNow`, may be wrong (ms). */
  get targetSlackMs(): number {
    return slackOf(this.target());
  }

  /** By how much a date of the source, compared with another server's, may be wrong (ms). */
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
