import type { Step } from '../plan/Story.js';
import { lostAnswers } from './equals.js';
import type { Kind } from './Kind.js';

/** Incidents are opened with all their objects while the target loses its answers, and the tasks that it makes itself come late. */
export const openings: Kind = (random, workMs) => ({
  behaviour: { autoTasks: random.pick(['at-once', 'later', 'later']) },
  steps: Array.from({ length: random.integer(1, 3) }, (): readonly Step[] => {
    const atMs = random.integer(0, workMs);
    const fault = lostAnswers(random);
    return [
      { atMs, do: 'fault', side: 'target', forMs: random.integer(2_000, 15_000), fault },
      { atMs: atMs + random.integer(0, 1_000), do: 'open', seed: random.integer(1, 1_000_000) },
      ...(random.chance(0.3) ? [crash(atMs, random.integer(1, 200), random.pick([0, 3_000]))] : []),
    ];
  }).flat(),
});

function crash(atMs: number, effects: number, downMs: number): Step {
  return { atMs, do: 'crash', effects, downMs };
}
