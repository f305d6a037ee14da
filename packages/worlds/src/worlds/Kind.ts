import type { Random } from '@soar-feed/soar-simulator';
import type { Story } from '../plan/Story.js';

/**
 * One kind of world: what it adds to the usual work of `workMs`. Draw everything from `random`, so that the seed says it all.
 */
export type Kind = (
  random: Random,
  workMs: number,
) => {
  readonly behaviour?: Story['behaviour'];
  readonly site?: Partial<Story['site']>;
  readonly clocks?: Partial<Story['clocks']>;
  readonly steps?: Story['steps'];
  readonly seeding?: Story['seeding'];
  readonly incidents?: number;
  readonly objects?: readonly [number, number];
};
