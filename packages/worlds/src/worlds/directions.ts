import type { Kind } from './Kind.js';

/** A second host feeds the source from the target: what came from the source must not go back. */
export const directions: Kind = (random) => ({
  site: { opposite: random.chance(0.5) ? 'by-another-name' : true, references: random.chance(0.5) },
});
