import type { Kind } from './Kind.js';

/** Threads of three levels with deleted notes in them, numbers beyond a double, hostile texts. */
export const oddities: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(2, 8) }, () => {
    const atMs = random.integer(0, workMs);
    const seed = random.integer(1, 1_000_000);
    return random.chance(0.3)
      ? { atMs, do: 'threads' as const, seed, steps: random.integer(6, 16) }
      : { atMs, do: 'odd-values' as const, seed };
  }),
});
