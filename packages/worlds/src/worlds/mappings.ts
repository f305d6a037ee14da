import type { Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

const HOUR_MS = 3_600_000;

/**
 * The mapping is lost, as a whole or for one incident, or an old copy of it is put back. In half of the worlds, the target's clock is
 * behind, so objects that are found again seem older than they are.
 */
export const mappings: Kind = (random, workMs) => ({
  site: { references: true },
  ...(random.chance(0.5) ? { clocks: { target: random.pick([-HOUR_MS, -24 * HOUR_MS]) } } : {}),
  steps: [
    ...(random.chance(0.6) ? [{ atMs: random.integer(0, workMs / 2), do: 'copy-mapping' as const }] : []),
    { atMs: random.integer(workMs / 2 + 1, workMs), do: 'lose-mapping' as const, downMs: 100 },
  ].map((step): Step => (random.chance(0.3) && step.do === 'lose-mapping' ? loseRows(random, step.atMs) : step)),
});

function loseRows(random: Random, atMs: number): Step {
  return { atMs, do: 'lose-rows', seed: random.integer(1, 1_000_000), downMs: 100 };
}
