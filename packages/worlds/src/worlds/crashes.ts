import type { Kind } from './Kind.js';

/** The process is killed between two effects or in the middle of a commit, often several times. */
export const crashes: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 5) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'crash' as const,
    effects: random.integer(1, 120),
    downMs: random.pick([0, 50, 3_000, 40_000]),
    ...(random.chance(0.3) ? { torn: true as const } : {}),
  })),
});
