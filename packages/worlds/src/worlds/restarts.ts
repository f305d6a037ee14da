import type { Kind } from './Kind.js';

/** Somebody restarts the service. */
export const restarts: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'restart' as const,
    downMs: random.pick([0, 200, 10_000]),
  })),
});
