import type { Kind } from './Kind.js';

/** The disk is slow, full, locked or broken for a while, or says so although it has done its work. */
export const disks: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, () => {
    const atMs = random.integer(0, workMs);
    const forMs = random.integer(50, 20_000);
    if (random.chance(0.3)) return { atMs, do: 'slow-disk', ms: random.pick([20, 300, 2_000]), forMs } as const;
    const fault = random.pick(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR'] as const);
    return {
      atMs,
      do: 'disk',
      fault,
      forMs,
      ...(fault === 'SQLITE_IOERR' ? { done: random.chance(0.5) } : {}),
    } as const;
  }),
});
