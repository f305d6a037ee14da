import type { PacePoint } from '@soar-feed/core/runtime';

/** Several minutes of a feed. */
export interface Bucket {
  readonly atMs: number;
  /** Absent: no host ran. */
  readonly seen?: {
    readonly delivered: number;
    readonly lagSeconds: number;
    readonly p50Seconds?: number;
    readonly p99Seconds?: number;
  };
}

export interface Span {
  /** The beginning of the first bucket. */
  readonly fromMs: number;
  readonly bucketMs: number;
  readonly count: number;
}

/** The last `hours`, in buckets that begin at full multiples of their length. */
export function spanTo(nowMs: number, hours: number, bucketMs: number): Span {
  const count = Math.round((hours * 3_600_000) / bucketMs);
  const last = Math.floor(nowMs / bucketMs) * bucketMs;
  return { fromMs: last - (count - 1) * bucketMs, bucketMs, count };
}

/** Puts minutes together. What was delivered is added up; of times, the worst counts. */
export function bucketsOf(
  points: readonly Pick<PacePoint, 'atMs' | 'delivered' | 'lagSeconds' | 'p50Seconds' | 'p99Seconds'>[],
  { fromMs, bucketMs, count }: Span,
): readonly Bucket[] {
  const within: (typeof points)[number][][] = Array.from({ length: count }, () => []);
  for (const point of points) within[Math.floor((point.atMs - fromMs) / bucketMs)]?.push(point);
  return within.map((minutes, at) => {
    const atMs = fromMs + at * bucketMs;
    if (minutes.length === 0) return { atMs };
    const most = (values: readonly (number | undefined)[]): number | undefined => {
      const known = values.filter((value) => value !== undefined);
      return known.length === 0 ? undefined : Math.max(...known);
    };
    const p50Seconds = most(minutes.map((minute) => minute.p50Seconds));
    const p99Seconds = most(minutes.map((minute) => minute.p99Seconds));
    return {
      atMs,
      seen: {
        delivered: minutes.reduce((sum, { delivered }) => sum + delivered, 0),
        lagSeconds: most(minutes.map(({ lagSeconds }) => lagSeconds)) ?? 0,
        ...(p50Seconds === undefined ? {} : { p50Seconds }),
        ...(p99Seconds === undefined ? {} : { p99Seconds }),
      },
    };
  });
}
