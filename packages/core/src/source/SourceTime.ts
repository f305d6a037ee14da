import type { Clock } from '../contract/Clock.js';
import type { ServerTime } from '../contract/SourceOrg.js';

/** What was read, and from when on the source may have changed since. */
export interface Dated<T> {
  readonly value: T;
  /** No older state of the source than this; ms, source clock. */
  readonly asOfMs: number;
}

/**
 * The source's clock, by which its messages, its objects' dates and our readings of it are compared. Lengths of time stay
 * with our own clock.
 */
export class SourceTime {
  constructor(
    private readonly ours: Clock,
    /** Absent: a source that tells no time is taken to have ours. */
    private readonly server: Pick<ServerTime, 'measured' | 'offsetMs' | 'uncertaintyMs'> | undefined,
  ) {}

  /** ms since the epoch, source clock, give or take `doubtMs`. */
  now(): number {
    return this.atSource(this.ours.now());
  }

  /** By how much a reading's time may be wrong beside a message's; `Infinity` where the source's clock was never seen. */
  get doubtMs(): number {
    if (this.server === undefined) return 0;
    return this.server.measured ? this.server.uncertaintyMs : Infinity;
  }

  /** This moment; asked for after an answer came, by the source's clock as that answer tells it. */
  mark(): () => number {
    const oursMs = this.ours.now();
    return () => this.atSource(oursMs);
  }

  /** Reads, and dates it by when it was asked for: the answer itself tells how the source's clock stands by now. */
  async date<T>(read: () => Promise<T>): Promise<Dated<T>> {
    const asked = this.mark();
    const value = await read();
    return { value, asOfMs: asked() };
  }

  private atSource(oursMs: number): number {
    return oursMs + (this.server?.offsetMs ?? 0);
  }
}
