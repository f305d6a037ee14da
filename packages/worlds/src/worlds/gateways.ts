import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import { revision } from './bundles.js';
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
    ...(random.chance(0.6) ? hiddenCreates(random, workMs) : []),
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

/** Pages hide that objects were created; before anybody can look, the server is away, and analysts revise what they wrote. */
function hiddenCreates(random: Random, workMs: number): readonly Step[] {
  const atMs = random.integer(0, workMs);
  const awayMs = atMs + random.integer(100, 1_000);
  const forMs = random.integer(2_000, 10_000);
  const gateway = { status: random.pick([200, 302, 502, 504]), page: 'html', commit: 'after' } as const;
  const page = { method: 'POST', probability: 1, times: random.integer(1, 3), gateway };
  const threads = { do: 'threads', seed: random.integer(1, 1_000_000), steps: random.integer(3, 6) } as const;
  return [
    { atMs, do: 'fault', side: 'target', forMs: awayMs - atMs, fault: page },
    { atMs: atMs + random.integer(0, 90), ...threads },
    { atMs: awayMs, do: 'fault', side: 'target', forMs, fault: { status: 503 } },
    revision(random, awayMs, forMs),
  ];
}

/** Pages that look like success, or like an object that is gone: they can hide that nothing was changed. */
function hiddenChanges(random: Random): FaultOptions {
  const gateway = { status: random.pick([200, 200, 302, 404]), page: random.pick(['html', 'text', 'json'] as const) };
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
