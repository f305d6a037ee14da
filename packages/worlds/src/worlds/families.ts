import type { FaultOptions } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/** Artifacts below artifacts, whose parents go while the target is away: what hangs below them lives on without them. */
export const families: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(2, 4) }, (): readonly Step[] => {
    const atMs = random.integer(0, workMs);
    const forMs = random.integer(2_000, 20_000);
    const family = (): Step => ({
      atMs: atMs + random.integer(0, forMs),
      do: 'families',
      seed: random.integer(1, 1_000_000),
      steps: random.integer(3, 8),
    });
    const away = random.pick<FaultOptions>([{ status: 503 }, { reset: 'before' }, { status: 500, method: 'POST' }]);
    return [{ atMs, do: 'fault', side: 'target', forMs, fault: away }, family(), family()];
  }).flat(),
});
