import { optionalReadings } from '@soar-feed/soar-simulator';
import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import { REQUEST_TIMEOUT_MS } from '../world/siteConfig.js';

/** A reading that is not indispensable fails, in the platform's words or by never coming. */
export function randomReadingFault(random: Random): FaultOptions {
  const reading = random.pick(Object.values(optionalReadings));
  const how: FaultOptions = random.pick([
    { status: 403 },
    { status: 404 },
    { status: 500 },
    { delayMs: REQUEST_TIMEOUT_MS + 500 },
  ]);
  // What lies outside of any organization is one for both sides.
  const outside = reading.path === '/const' || reading.path === '/search_ex';
  return { ...reading, ...how, ...(outside ? { org: 0 } : {}) };
}
