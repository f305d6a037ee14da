import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/**
 * Something in front of the platform answers in its place: pages of any status, before and after the commit. Meanwhile an
 * analyst writes, edits and deletes notes, so that changes of every sort meet the pages.
 */
export const gateways: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, (): readonly Step[] => {
    const atMs = random.integer(0, workMs);
    const forMs = random.integer(500, 20_000);
    const seed = random.integer(1, 1_000_000);
    return [
      { atMs, do: 'fault', side: random.chance(0.7) ? 'target' : 'source', forMs, fault: gateway(random) },
      { atMs: atMs + random.integer(0, forMs), do: 'threads', seed, steps: random.integer(4, 10) },
    ];
  }).flat(),
});

function gateway(random: Random): FaultOptions {
  const method = random.pick([undefined, undefined, 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'DELETE']);
  const status = random.pick([200, 200, 302, 401, 403, 404, 404, 405, 410, 413, 500, 502, 503, 504]);
  return {
    probability: random.pick([0.3, 0.7, 1]),
    ...(method === undefined ? {} : { method }),
    gateway: {
      // Only a page that looks like success, or like an object that is gone, can hide that nothing was deleted.
      status: method === 'DELETE' ? random.pick([200, 200, 404, status]) : status,
      page: random.pick(['html', 'text', 'json']),
      commit: random.pick(['before', 'before', 'after']),
    },
  };
}
