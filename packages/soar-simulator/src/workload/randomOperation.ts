import type { SimOrg } from '../org/SimOrg.js';
import type { Random } from '../seed/Random.js';
import { Analyst } from './Analyst.js';

/** One random live operation; see `runWorkload` for many. Returns what was done. */
export function randomOperation(org: SimOrg, random: Random): string {
  return new Analyst(org, random).next();
}
