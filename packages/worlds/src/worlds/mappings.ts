import type { Kind } from './Kind.js';

/** The mapping is lost, or an old copy of it is put back. */
export const mappings: Kind = (random, workMs) => ({
  site: { references: true },
  steps: [
    ...(random.chance(0.6) ? [{ atMs: random.integer(0, workMs / 2), do: 'copy-mapping' as const }] : []),
    { atMs: random.integer(workMs / 2 + 1, workMs), do: 'lose-mapping', downMs: 100 },
  ],
});
