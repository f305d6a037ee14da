import type { SimOrg } from '../org/SimOrg.js';
import type { Random } from '../seed/Random.js';
import { Analyst } from './Analyst.js';

/** Does one random live operation and returns what was done; `runWorkload` does many. */
export function randomOperation(org: SimOrg, random: Random): string {
  return new Analyst(org, random).next();
}
