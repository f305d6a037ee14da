import type { Kind } from './Kind.js';

/** The servers hand out small pages, are slow, and say for a while that they are asked too often. */
export const limits: Kind = (random, workMs) => ({
  behaviour: { maxPageSize: random.pick([25, 100]) },
  steps: Array.from({ length: random.integer(1, 4) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'fault' as const,
    side: random.pick(['source', 'target'] as const),
    forMs: random.integer(1_000, 60_000),
    fault: random.chance(0.3)
      ? { delayMs: random.integer(500, 3_000) }
      : { status: 429, retryAfterSeconds: random.pick([1, 10, 90]), probability: random.pick([0.5, 1]) },
  })),
});
