import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/** An incident is read whole before it is brought. */
const SITE = { reload: true, queryMethod: true, bundleCreates: true };

/**
 * Incidents are loaded, and created with notes and artifacts inside; the server takes these, or some, or none, or later. Or answers are
 * lost, the target goes away or refuses to be searched, and analysts revise what was sent before it is known what became of it.
 */
export const bundles: Kind = (random) => {
  const concurrency = random.pick([1, 1, 4]);
  if (random.chance(0.4)) {
    const bundledObjects = random.pick(['late', 'late', 'ignored', 'ignored', 'merged'] as const);
    const size = { incidents: random.integer(5, 6), objects: [6, 10] as const };
    return { seeding: 'loaded', ...size, site: { ...SITE, concurrency }, behaviour: { bundledObjects } };
  }
  const bundledObjects = random.pick(['taken', 'taken', 'taken', 'late', 'merged', 'notes-only'] as const);
  const size = { incidents: random.integer(4, 8), objects: [2, 5] as const };
  return {
    ...{ seeding: 'loaded', ...size, site: { ...SITE, concurrency }, behaviour: { bundledObjects } },
    steps: unanswered(random),
  };
};

function unanswered(random: Random): readonly Step[] {
  // While the first of them are created.
  const awayMs = random.integer(120, 700);
  const forMs = random.integer(3_000, 20_000);
  const way = random.pick<FaultOptions>([
    { reset: 'after' },
    { truncate: true },
    { gateway: { status: random.pick([200, 502, 504]), page: 'html', commit: 'after' } },
  ]);
  const create = { method: 'POST', path: '/incidents', times: random.integer(1, 3), ...way };
  const [away, refuses] = random.pick<readonly [FaultOptions, true?]>([
    [{ status: 503 }],
    [{ method: 'POST', path: '/incidents/query_paged', status: 403 }, true],
  ]);
  return [
    { atMs: 0, do: 'fault', side: 'target', forMs: awayMs + forMs, fault: create },
    { atMs: awayMs, do: 'fault', side: 'target', forMs, fault: away, ...(refuses === true ? { refuses } : {}) },
    ...Array.from({ length: random.integer(2, 4) }, () => revision(random, awayMs, forMs)),
  ];
}

/** While the trouble lasts. */
export function revision(random: Random, atMs: number, forMs: number): Step {
  return { atMs: atMs + random.integer(50, forMs), do: 'revise', seed: random.integer(1, 1_000_000) };
}
