/** When a request left and its answer came (ms, our clock), and what the server said of the time in between. */
export interface ClockReading {
  readonly sentAtMs?: number | undefined;
  readonly answeredAtMs?: number | undefined;
  /** The answer's `Date` header: whole seconds, cut off. */
  readonly date?: string | undefined;
}

/** Clocks drift apart by less than this many ms in one ms (200 ppm; a quartz does 20 to 100). */
const DRIFT = 0.0002;

/** A `Date` header leaves this much open, ms. */
const RESOLUTION_MS = 1_000;

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly takenAtMs: number;
}

/**
 * How far the server's clock stands from ours, from the `Date` of its answers. Each answer says between which bounds the
 * difference lies; together they narrow it to well below a second, and each grows stale by the clocks' drift. Bounds that
 * contradict each other mean that a clock was set: then the newest counts alone. A gateway that writes `Date` itself
 * shows its own clock; from here the two look the same.
 */
export class ServerClock {
  private bounds: Bounds | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  /** Whether any answer has told the time yet. */
  get measured(): boolean {
    return this.bounds !== undefined;
  }

  /** The server's clock minus ours, ms, as well as it is known; 0 until measured. */
  get offsetMs(): number {
    return this.bounds === undefined ? 0 : Math.round((this.bounds.low + this.bounds.high) / 2);
  }

  /** The true difference lies within `offsetMs` plus or minus this, ms; 0 until measured. */
  get uncertaintyMs(): number {
    if (this.bounds === undefined) return 0;
    const { low, high } = aged(this.bounds, this.now());
    return Math.ceil((high - low) / 2) + 1;
  }

  /** The server's time, ms since the epoch, give or take `uncertaintyMs`. */
  serverNow(): number {
    return this.now() + this.offsetMs;
  }

  /** Only answers of the platform itself belong here. */
  observe({ sentAtMs, answeredAtMs, date }: ClockReading): void {
    const serverMs = Date.parse(date ?? '');
    if (sentAtMs === undefined || answeredAtMs === undefined || Number.isNaN(serverMs)) return;
    // Our own clock was set back meanwhile.
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
