import { createHistogram } from 'node:perf_hooks';
import type { RecordableHistogram } from 'node:perf_hooks';

/** How long changes took to arrive. */
export interface Arrivals {
  /** Changes that arrived within the window. */
  readonly changes: number;
  /** Absent without any. */
  readonly p50Seconds?: number;
  readonly p99Seconds?: number;
}

/** A month; longer times count as this. */
const MOST_MS = 31 * 24 * 3_600_000;

/** An HDR histogram keeps two digits of every time, in constant memory. */
const make = (): RecordableHistogram => createHistogram({ lowest: 1, highest: MOST_MS, figures: 2 });

/** The times from change to arrival, one histogram for each of the last minutes. */
export class ArrivalWindow {
  private readonly minutes: readonly RecordableHistogram[];
  private newest = 0;

  constructor(readonly minutesKept: number) {
    this.minutes = Array.from({ length: minutesKept }, make);
  }

  add(ms: number): void {
    this.minutes[this.newest]?.record(Math.min(MOST_MS, Math.max(1, Math.round(ms))));
  }

  /** Of all minutes that are kept. */
  all(): Arrivals {
    const sum = make();
    for (const minute of this.minutes) if (minute.count > 0) sum.add(minute);
    return arrivalsOf(sum);
  }

  /** A minute is over: returns it, and drops the oldest. */
  nextMinute(): Arrivals {
    const over = arrivalsOf(this.minutes[this.newest]);
    this.newest = (this.newest + 1) % this.minutesKept;
    this.minutes[this.newest]?.reset();
    return over;
  }
}

function arrivalsOf(times: RecordableHistogram | undefined): Arrivals {
  if (times === undefined || times.count === 0) return { changes: 0 };
  const seconds = (percent: number): number => times.percentile(percent) / 1000;
  return { changes: times.count, p50Seconds: seconds(50), p99Seconds: seconds(99) };
}
