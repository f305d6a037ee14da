import { readFileSync } from 'node:fs';
import { seededRandom } from './seededRandom.js';

/** Lines per window: enough that a sample also holds faults that span several lines, such as an `if` or a loop. */
const WINDOW_LINES = 12;

/**
 * About `lines` lines of the files, in windows chosen by the seed, each as Stryker names a range: `file.ts:13-24`.
 * Fewer if the files have fewer.
 */
export function sampleLines(files: readonly string[], lines: number, seed: number): readonly string[] {
  const windows = files.flatMap((file) => {
    const count = readFileSync(file, 'utf8').split('\n').length;
    const starts = Array.from({ length: Math.ceil(count / WINDOW_LINES) }, (_, at) => at * WINDOW_LINES + 1);
    return starts.map((from) => `${file}:${from}-${Math.min(from + WINDOW_LINES - 1, count)}`);
  });
  const random = seededRandom(seed);
  const shuffled = windows
    .map((window) => ({ window, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ window }) => window);
  return shuffled.slice(0, Math.ceil(lines / WINDOW_LINES));
}
