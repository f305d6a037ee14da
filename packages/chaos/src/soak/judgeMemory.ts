import type { Work } from '../run/judged.js';
import type { MemorySample } from './MemoryWatch.js';

/**
 * ms that are not judged: code is compiled, the heap finds its size, and what the host remembers for ten minutes fills
 * up.
 */
const WARM_UP_MS = 12 * 60_000;
/** The shortest time that is judged, ms. */
const LEAST_MS = 8 * 60_000;
/**
 * The largest allowed growth after the warm-up, as a share of the memory then: above the noise of the garbage
 * collector.
 */
const MOST_GROWTH = 0.12;
/** Fewer samples say nothing. */
const LEAST_SAMPLES = 20;

/**
 * Judges whether the memory of a working host stays flat: fits a line through the floors (the lowest of every few
 * samples, as right after a collection), whose rise must stay within a bound.
 */
export function judgeMemory(samples: readonly MemorySample[]): Work {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < LEAST_SAMPLES)
    return { findings: [{ check: 'memory', text: `the host told its memory only ${samples.length} times` }] };
  if (last.atMs - first.atMs < WARM_UP_MS + LEAST_MS)
    return { findings: [], notes: [`memory is not judged: that takes ${(WARM_UP_MS + LEAST_MS) / 60_000} minutes`] };
  const warm = samples.filter(({ atMs }) => atMs >= first.atMs + WARM_UP_MS);
  const judged = [rise('heap', warm, ({ heapBytes }) => heapBytes), rise('RSS', warm, (each) => each.residentBytes)];
  return {
    notes: judged.map(({ text }) => text),
    findings: judged.filter(({ growth }) => growth > MOST_GROWTH).map(({ text }) => ({ check: 'memory', text })),
  };
}

function rise(
  what: string,
  samples: readonly MemorySample[],
  bytesOf: (sample: MemorySample) => number,
): { readonly growth: number; readonly text: string } {
  const floors = floorsOf(samples.map((sample) => [sample.atMs, bytesOf(sample)] as const));
  const [fromMs, toMs] = [samples[0]?.atMs ?? 0, samples.at(-1)?.atMs ?? 0];
  const at = lineThrough(floors);
  const [from, to] = [at(fromMs), at(toMs)];
  const minutes = Math.round((toMs - fromMs) / 60_000);
  return { growth: to / from - 1, text: `${what} after warm-up: ${mb(from)} to ${mb(to)} MB within ${minutes} min` };
}

/** The lowest sample of each of ten pieces. */
function floorsOf(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const size = Math.max(1, Math.ceil(points.length / 10));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, piece) =>
    points.slice(piece * size, (piece + 1) * size).reduce((least, point) => (point[1] < least[1] ? point : least)),
  );
}

/** Least squares. */
function lineThrough(points: readonly (readonly [number, number])[]): (x: number) => number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  const under = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  const slope = under === 0 ? 0 : over / under;
  return (at) => y + slope * (at - x);
}

function mb(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
