import type { Kind } from './Kind.js';

/** Only some incidents are fed, and which ones changes all the time. */
export const filters: Kind = (random, workMs) => ({
  site: { filtered: true, references: true },
  steps: Array.from({ length: random.integer(3, 10) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'flip' as const,
    seed: random.integer(1, 1_000_000),
  })),
});
