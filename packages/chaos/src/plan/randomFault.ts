import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import { REQUEST_TIMEOUT_MS } from '../world/siteConfig.js';

/**
 * Longest time between a client's giving up and its request's taking effect, ms; `create_settle` of the site is longer.
 */
const LATE_MS = 1_200;

/**
 * One kind of trouble that a server or the way to it can have. The simulator draws from the seed how often it strikes.
 */
export function randomFault(random: Random): FaultOptions {
  const often = random.pick([0.1, 0.25, 0.5]);
  const make = random.pick(kinds);
  return { probability: often, ...make(random) };
}

const kinds: readonly ((random: Random) => FaultOptions)[] = [
  () => ({ status: 500 }),
  () => ({ status: 500, body: '<html><h1>Internal error</h1></html>' }),
  () => ({ status: 503, retryAfterSeconds: 1 }),
  () => ({ status: 503, probability: 1, times: 40 }),
  () => ({ status: 429, retryAfterSeconds: 1 }),
  () => ({ reset: 'before' }),
  () => ({ reset: 'after' }),
  () => ({ reset: 'after', method: 'POST', probability: 0.7 }),
  () => ({ reset: 'after', method: 'DELETE', probability: 0.7 }),
  () => ({ truncate: true }),
  // Only creates: nothing shows whether a platform ever lets an older update land after a newer one.
  (random) => ({ method: 'POST', lateCommitMs: random.integer(50, LATE_MS), probability: 0.4 }),
  // The client gives up, and its request takes effect all the same.
  (random) => ({
    method: 'POST',
    commitDelayMs: REQUEST_TIMEOUT_MS + random.integer(50, 400),
    probability: 0.3,
    times: 4,
  }),
  (random) => ({ delayMs: random.integer(100, 700) }),
  // A gateway in front: its answer says nothing about an object and, after the commit, nothing about the request.
  (random) => ({ gateway: { status: 404, page: random.pick(['html', 'text', 'json']) } }),
  (random) => ({ gateway: { status: random.pick([200, 302, 403, 405, 410]) } }),
  (random) => ({ gateway: { status: random.pick([502, 503, 504]) }, probability: 1, times: 30 }),
  (random) => ({ gateway: { status: random.pick([404, 302, 503, 200]), commit: 'after' } }),
  (random) => ({
    gateway: { status: random.pick([404, 302, 503, 504]), commit: 'after' },
    method: 'POST',
    probability: 0.7,
  }),
  (random) => ({
    gateway: { status: random.pick([404, 302, 503]), commit: random.pick(['before', 'after']) },
    method: random.pick(['GET', 'PATCH', 'PUT', 'DELETE']),
    probability: 0.6,
  }),
];
