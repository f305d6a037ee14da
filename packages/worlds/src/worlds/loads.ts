import type { Step } from '../plan/Story.js';
import { lostAnswers } from './equals.js';
import type { Kind } from './Kind.js';

/**
 * Many small incidents are loaded, each whole, while the target loses its answers, the host is killed in the middle of it, and
 * analysts write and delete what is just being loaded.
 */
export const loads: Kind = (random) => ({
  seeding: 'loaded',
  incidents: random.integer(3, 6),
  objects: [2, 5],
  site: { reload: true },
  behaviour: { bundledObjects: random.pick(['taken', 'late', 'late', 'ignored', 'merged']) },
  steps: [
    ...Array.from({ length: random.integer(1, 2) }, (): Step => {
      const forMs = random.integer(1_000, 20_000);
      return { atMs: random.integer(0, 1_000), do: 'fault', side: 'target', forMs, fault: lostAnswers(random) };
    }),
    ...Array.from({ length: random.integer(2, 5) }, (): Step => {
      const what = random.pick(['threads', 'families'] as const);
      const seed = random.integer(1, 1_000_000);
      return { atMs: random.integer(0, 8_000), do: what, seed, steps: random.integer(4, 12) };
    }),
    ...Array.from({ length: random.integer(1, 3) }, (): Step => {
      const atMs = random.pick([0, 0, random.integer(0, 20_000)]);
      return { atMs, do: 'crash', effects: random.integer(1, 500), downMs: random.pick([0, 50, 3_000]) };
    }),
  ],
});
