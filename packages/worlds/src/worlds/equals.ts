import type { FaultOptions, Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/** Equal objects are written while the target loses its answers: each is to be there as often as in the source. */
export const equals: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, (): readonly Step[] => {
    const atMs = random.integer(0, workMs);
    const equal = { do: 'equals', seed: random.integer(1, 1_000_000), count: random.integer(2, 4) } as const;
    const edit = { do: 'work', seed: random.integer(1, 1_000_000) } as const;
    return [
      { atMs, do: 'fault', side: 'target', forMs: random.integer(2_000, 15_000), fault: lostAnswers(random) },
      { atMs: atMs + random.integer(0, 1_000), ...equal },
      { atMs: atMs + random.integer(1_000, 5_000), ...edit },
    ];
  }).flat(),
});

/** The target does not say whether it has created what it was sent. */
export function lostAnswers(random: Random): FaultOptions {
  const way = random.pick<FaultOptions>([
    { reset: 'after' },
    { reset: 'before' },
    { truncate: true },
    { gateway: { status: random.pick([502, 504]), page: 'html', commit: random.pick(['before', 'after']) } },
  ]);
  return { method: 'POST', probability: random.pick([0.5, 1]), times: random.integer(1, 3), ...way };
}
