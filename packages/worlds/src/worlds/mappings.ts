import type { Kind } from './Kind.js';

const HOUR_MS = 3_600_000;

/** The mapping is lost, or an old copy of it is put back. What is found again has the target's dates, whose clock may be behind. */
export const mappings: Kind = (random, workMs) => ({
  site: { references: true },
  ...(random.chance(0.5) ? { clocks: { target: random.pick([-HOUR_MS, -24 * HOUR_MS]) } } : {}),
  steps: [
    ...(random.chance(0.6) ? [{ atMs: random.integer(0, workMs / 2), do: 'copy-mapping' as const }] : []),
    { atMs: random.integer(workMs / 2 + 1, workMs), do: 'lose-mapping', downMs: 100 },
  ],
});
