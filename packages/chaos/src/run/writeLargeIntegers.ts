import type { SimOrg } from '@soar-feed/soar-simulator';

/** The first integer that a double rounds away. */
const LARGE = 9_007_199_254_740_993n;

/** Writes them into the custom number field of the newest incidents. */
export function writeLargeIntegers(source: SimOrg, count: number): void {
  source
    .incidentIds()
    .slice(-count)
    .forEach((id, at) => source.updateIncident(id, { properties: { cost: LARGE + BigInt(2 * at) } }));
}
