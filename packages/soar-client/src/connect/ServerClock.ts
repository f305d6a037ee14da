import { surroundings } from '../surroundings.js';
/** When a request was sent and its answer arrived (ms, our clock), and the server's time in between. */
export interface ClockReading {
  readonly sentAtMs?: number | undefined;
  readonly answeredAtMs?: number | undefined;
  /** The `Date` header of the answer: whole seconds, truncated. */
  readonly date?: string | undefined;
}

/** Clocks drift apart by less than this many ms in one ms (200 ppm; a quartz does 20 to 100). */
const DRIFT = 0.0002;

/** The resolution of a `Date` header, ms. */
const RESOLUTION_MS = 1_000;

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly takenAtMs: number;
}

/**
 * The offset between the server's clock and ours, from the `Date` of its answers. Each answer gives bounds of the
 * offset; together they narrow it to well below a second, and each gets stale by the drift of the clocks. Contradicting
 * bounds mean that a clock was set: then only the newest counts. A gateway that writes `Date` itself shows its own
 * clock; that cannot be detected from here.
 */
export class ServerClock {
  private bounds: Bounds | undefined;

  constructor(private readonly now: () => number = () => surroundings().now()) {}

  /** Whether any answer has reported the time yet. */
  get measured(): boolean {
    return this.bounds !== undefined;
  }

  /** The server's clock minus ours, best estimate, ms; 0 until measured. */
  get offsetMs(): number {
    return this.bounds === undefined ? 0 : Math.round((this.bounds.low + this.bounds.high) / 2);
  }

  /** The true difference lies within `offsetMs` plus or minus this, ms; 0 until measured. */
  get uncertaintyMs(): number {
    if (this.bounds === undefined) return 0;
    const { low, high } = aged(this.bounds, this.now());
    return Math.ceil((high - low) / 2) + 1;
  }

  /** The server's time, ms since the epoch, plus or minus `uncertaintyMs`. */
  serverNow(): number {
    return this.now() + this.offsetMs;
  }

  /** Pass only answers of the platform itself. */
  observe({ sentAtMs, answeredAtMs, date }: ClockReading): void {
    const serverMs = Date.parse(date ?? '');
    if (sentAtMs === undefined || answeredAtMs === undefined || Number.isNaN(serverMs)) return;
    // Our own clock was set back in the meantime.
    if (answeredAtMs < sentAtMs) return;
    const fresh = { low: serverMs - answeredAtMs, high: serverMs + RESOLUTION_MS - sentAtMs, takenAtMs: answeredAtMs };
    const known = this.bounds === undefined ? fresh : aged(this.bounds, answeredAtMs);
    const low = Math.max(known.low, fresh.low);
    const high = Math.min(known.high, fresh.high);
    this.bounds = low <= high ? { low, high, takenAtMs: answeredAtMs } : fresh;
  }
}

function aged({ low, high, takenAtMs }: Bounds, nowMs: number): Bounds {
  const slack = Math.abs(nowMs - takenAtMs) * DRIFT;
  return { low: low - slack, high: high + slack, takenAtMs: nowMs };
}
