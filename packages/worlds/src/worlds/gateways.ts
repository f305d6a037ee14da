import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import type { Kind } from './Kind.js';

/** Something in front of the platform answers in its place: pages of any status, before and after the commit. */
export const gateways: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'fault' as const,
    side: random.chance(0.7) ? ('target' as const) : ('source' as const),
    forMs: random.integer(500, 20_000),
    fault: gateway(random),
  })),
});

function gateway(random: Random): FaultOptions {
  const method = random.pick([undefined, undefined, 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE']);
  return {
    probability: random.pick([0.3, 0.7, 1]),
    ...(method === undefined ? {} : { method }),
    gateway: {
      status: random.pick([200, 302, 401, 403, 404, 404, 405, 410, 413, 500, 502, 503, 504]),
      page: random.pick(['html', 'text', 'json']),
      commit: random.pick(['before', 'before', 'after']),
    },
  };
}
