import type { Kind } from './Kind.js';

/** The disk is full, locked or broken for a while. */
export const disks: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'disk' as const,
    fault: random.pick(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR'] as const),
    forMs: random.integer(50, 20_000),
  })),
});
