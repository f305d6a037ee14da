import { optionalReadings } from '@soar-feed/soar-simulator';
import type { Kind } from './Kind.js';

/** Reads that the product can do without fail, for a while or for good. */
export const readings: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, () => ({
    atMs: random.pick([0, random.integer(0, workMs)]),
    do: 'unread' as const,
    side: random.pick(['source', 'target'] as const),
    forMs: random.integer(1_000, 600_000),
    reading: random.pick(Object.keys(optionalReadings)),
    status: random.pick([403, 404, 500]),
  })),
});
