import type { Random } from '@soar-feed/soar-simulator';
import type { Kind } from './Kind.js';

const MINUTE_MS = 60_000;

/** The clocks of the three machines differ from the start, and are set meanwhile. */
export const clocks: Kind = (random, workMs) => ({
  clocks: { source: offset(random), target: offset(random), host: offset(random) },
  steps: Array.from({ length: random.integer(0, 2) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'clock' as const,
    of: random.pick(['source', 'target', 'host'] as const),
    offsetMs: offset(random),
  })),
});

const offset = (random: Random): number =>
  random.pick([0, 0, 3_000, -3_000, 20 * MINUTE_MS, -20 * MINUTE_MS, 24 * 60 * MINUTE_MS, -24 * 60 * MINUTE_MS]);
