import type { Kind } from './Kind.js';

/**
 * The source's database is restored from a backup, and no message says so. Its ids go on, or begin again where the backup ends:
 * then other objects get those of the lost ones.
 */
export const restores: Kind = (random, workMs) => ({
  site: { reload: true, queryMethod: true },
  steps: [
    { atMs: random.integer(0, workMs / 2), do: 'back-up' },
    {
      atMs: random.integer(workMs / 2 + 1, workMs),
      do: 'restore',
      ids: random.pick(['continued', 'given-again'] as const),
    },
  ],
});
