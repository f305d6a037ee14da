import type { Clock } from '../contract/Clock.js';
import type { ServerTime } from '../contract/SourceOrg.js';

/** What was read, and the moment after which the source may have changed. */
export interface Dated<T> {
  readonly value: T;
  /** No older state of the source than this; ms, source clock. */
  readonly asOfMs: number;
}

/**
 * The source's clock. Its messages, the dates of its objects and our readings of it are all compared by this clock.
 * Durations are measured by our own.
 */
export class SourceTime {
  constructor(
    private readonly ours: Clock,
    /** Absent: the source tells no time and is assumed to have ours. */
    private readonly server: Pick<ServerTime, 'measured' | 'offsetMs' | 'uncertaintyMs'> | undefined,
  ) {}

  /** ms since the epoch, source clock, give or take `doubtMs`. */
  now(): number {
    return this.atSource(this.ours.now());
  }

  /** As `now`, but the latest that it may be: a better measurement since never makes it later. */
  latest(): number {
    return this.now() + (this.doubtMs === Infinity ? 0 : this.doubtMs);
  }

  /** How far a reading's time may be off, compared with a message's; `Infinity` if the source's clock was never measured. */
  get doubtMs(): number {
    if (this.server === undefined) return 0;
    return this.server.measured ? this.server.uncertaintyMs : Infinity;
  }

  /** A moment of the source's clock by ours; `undefined` if its clock was never measured. ms. */
  byOurs(atSourceMs: number): number | undefined {
    return this.doubtMs === Infinity ? undefined : atSourceMs - (this.server?.offsetMs ?? 0);
  }

  /** Remembers this moment. Called after an answer, the result gives it by the source's clock as measured with that answer. */
  mark(): () => number {
    const oursMs = this.ours.now();
    return () => this.atSource(oursMs);
  }

  /** Reads, and dates the result by the moment of the request; the answer itself tells the source's time. */
  async date<T>(read: () => Promise<T>): Promise<Dated<T>> {
    const asked = this.mark();
    const value = await read();
    return { value, asOfMs: asked() };
  }

  private atSource(oursMs: number): number {
    return oursMs + (this.server?.offsetMs ?? 0);
  }
}
