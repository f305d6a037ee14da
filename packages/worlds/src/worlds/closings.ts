import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/** Incidents that may be closed only after their tasks, while the target takes no tasks: the close must not come first. */
export const closings: Kind = (random, workMs) => ({
  site: { closesAfterTasks: true, spillAfterMs: random.pick([1_000, 5_000]) },
  steps: Array.from({ length: random.integer(3, 6) }, (): readonly Step[] => {
    const atMs = random.integer(0, workMs);
    const seed = random.integer(1, 1_000_000);
    const forMs = random.integer(1_000, 15_000);
    const path = random.pick(['/tasks/**', '/**']);
    return [
      { atMs, do: 'close', seed },
      ...(random.chance(0.6)
        ? [{ atMs, do: 'fault', side: 'target', forMs, fault: { path, status: 503 } } as const]
        : []),
      // The same incident, so that it is closed.
      { atMs: atMs + random.integer(0, 10_000), do: 'close', seed },
    ];
  }).flat(),
});
