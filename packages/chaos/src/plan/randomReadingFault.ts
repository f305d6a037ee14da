import { optionalReadings } from '@soar-feed/soar-simulator';
import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import { REQUEST_TIMEOUT_MS } from '../world/siteConfig.js';

/** A read that the host can do without fails: the platform refuses it, or its answer never comes. */
export function randomReadingFault(random: Random): FaultOptions {
  const reading = random.pick(Object.values(optionalReadings));
  const how: FaultOptions = random.pick([
    { status: 403 },
    { status: 404 },
    { status: 500 },
    { delayMs: REQUEST_TIMEOUT_MS + 500 },
  ]);
  // A route outside of any organization serves both sides.
  const outside = reading.path === '/const' || reading.path === '/search_ex';
  return { ...reading, ...how, ...(outside ? { org: 0 } : {}) };
}
