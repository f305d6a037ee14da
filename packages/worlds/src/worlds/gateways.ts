import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/**
 * Something in front of the platform answers in its place: pages of any status, before and after the commit. Meanwhile an
 * analyst writes, edits and deletes notes, so that changes of every sort meet the pages.
 */
export const gateways: Kind = (random, workMs) => ({
  steps: [
    ...Array.from({ length: random.integer(1, 3) }, () =>
      during(random, workMs, random.chance(0.7) ? 'target' : 'source', gateway(random)),
    ).flat(),
    ...(random.chance(0.6) ? during(random, workMs, 'target', hiddenChanges(random)) : []),
  ],
});

function during(random: Random, workMs: number, side: 'source' | 'target', fault: FaultOptions): readonly Step[] {
  const atMs = random.integer(0, workMs);
  const forMs = random.integer(500, 20_000);
  const seed = random.integer(1, 1_000_000);
  return [
    { atMs, do: 'fault', side, forMs, fault },
    { atMs: atMs + random.integer(0, forMs), do: 'threads', seed, steps: random.integer(4, 10) },
  ];
}

/** Pages that look like success, or like an object that is gone: they can hide that nothing was changed. */
function hiddenChanges(random: Random): FaultOptions {
  const gateway = { status: random.pick([200, 302, 302, 404]), page: random.pick(['html', 'text', 'json'] as const) };
  const method = random.pick(['DELETE', 'DELETE', 'PUT', 'PATCH']);
  return { probability: 1, method, gateway: { ...gateway, commit: 'before' } };
}

function gateway(random: Random): FaultOptions {
  const method = random.pick([undefined, undefined, 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE']);
  return {
    probability: random.pick([0.3, 0.7, 1]),
    ...(method === undefined ? {} : { method }),
    gateway: {
      status: random.pick([200, 200, 302, 401, 403, 404, 404, 405, 410, 413, 500, 502, 503, 504]),
      page: random.pick(['html', 'text', 'json']),
      commit: random.pick(['before', 'before', 'after']),
    },
  };
}
