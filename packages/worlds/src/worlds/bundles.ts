import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import { lostAnswers } from './equals.js';
import type { Kind } from './Kind.js';

/**
 * Incidents are loaded, and created with notes and artifacts inside; the server takes these, or some, or none, or later. An answer is
 * lost, the target goes away or refuses to be searched, and analysts revise what was sent before it is known what became of it.
 */
export const bundles: Kind = (random) => ({
  seeding: 'loaded',
  ...(random.chance(0.4)
    ? { incidents: random.integer(5, 6), objects: [6, 10] as const }
    : { incidents: random.integer(5, 9), objects: [1, 4] as const }),
  site: { reload: true, bundleCreates: true, concurrency: random.pick([1, 1, 4]) },
  behaviour: {
    bundledObjects: random.pick([
      'taken',
      'taken',
      'late',
      'late',
      'ignored',
      'ignored',
      'merged',
      'notes-only',
    ] as const),
  },
  steps: random.chance(0.4) ? [] : unanswered(random),
});

function unanswered(random: Random): readonly Step[] {
  const awayMs = random.integer(150, 2_500);
  const forMs = random.integer(3_000, 20_000);
  const create = { ...lostAnswers(random), path: '/incidents', probability: 1 };
  const [away, refuses] = random.pick<readonly [FaultOptions, true?]>([
    [{ status: 503 }],
    [{ method: 'POST', path: '/incidents/query_paged', status: 403 }, true],
  ]);
  return [
    { atMs: 0, do: 'fault', side: 'target', forMs: awayMs + forMs, fault: create },
    { atMs: awayMs, do: 'fault', side: 'target', forMs, fault: away, ...(refuses === true ? { refuses } : {}) },
    ...Array.from({ length: random.integer(1, 3) }, () => revision(random, awayMs, forMs)),
  ];
}

/** While the trouble lasts. */
export function revision(random: Random, atMs: number, forMs: number): Step {
  return { atMs: atMs + random.integer(50, forMs), do: 'revise', seed: random.integer(1, 1_000_000) };
}
