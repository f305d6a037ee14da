import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import { CREATE_SETTLE_MS, REQUEST_TIMEOUT_MS } from '../world/siteConfig.js';
import type { Kind } from './Kind.js';

/** The servers, and the lines to them, fail in the usual ways. */
export const faults: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 4) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'fault' as const,
    side: random.chance(0.7) ? ('target' as const) : ('source' as const),
    forMs: random.integer(1_000, 30_000),
    fault: { probability: random.pick([0.1, 0.3, 0.7]), ...random.pick(ways)(random) },
  })),
});

const ways: readonly ((random: Random) => FaultOptions)[] = [
  () => ({ status: 500 }),
  () => ({ status: 500, body: '<html><h1>Internal error</h1></html>' }),
  () => ({ status: 503, retryAfterSeconds: 1 }),
  () => ({ status: 503, probability: 1 }),
  () => ({ status: 429, retryAfterSeconds: 2 }),
  () => ({ reset: 'before' }),
  () => ({ reset: 'after' }),
  () => ({ reset: 'after', method: 'POST' }),
  () => ({ reset: 'after', method: 'DELETE' }),
  () => ({ truncate: true }),
  (random) => ({ delayMs: random.integer(100, REQUEST_TIMEOUT_MS + 1_000) }),
  (random) => ({ method: 'POST', lateCommitMs: random.integer(50, CREATE_SETTLE_MS - REQUEST_TIMEOUT_MS - 2_000) }),
  (random) => ({ method: 'POST', commitDelayMs: REQUEST_TIMEOUT_MS + random.integer(50, 3_000), times: 4 }),
];
