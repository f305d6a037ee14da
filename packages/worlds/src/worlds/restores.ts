import type { Kind } from './Kind.js';

/**
 * The source's database is restored from a backup, and no message says so. Its ids go on: what becomes of an id that is given to
 * another object is in `test/stories`.
 */
export const restores: Kind = (random, workMs) => ({
  site: { reload: true, queryMethod: true },
  steps: [
    { atMs: random.integer(0, workMs / 2), do: 'back-up' },
    { atMs: random.integer(workMs / 2 + 1, workMs), do: 'restore', ids: 'continued' },
  ],
});
