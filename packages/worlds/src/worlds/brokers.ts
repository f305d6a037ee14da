import type { Random } from '@soar-feed/soar-simulator';
import type { Happening, Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/** The broker restarts, cuts connections, repeats messages, and brings children before their parents. */
export const brokers: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(2, 5) }, (): readonly Step[] => {
    const atMs = random.integer(0, workMs);
    if (random.chance(0.3)) return repeated(random, atMs);
    const happening = random.pick<() => Happening>([
      () => ({ do: 'broker-restart', downMs: random.pick([0, 500, 20_000]) }),
      () => ({ do: 'drop-connections' }),
      () => ({ do: 'expire-sessions' }),
      () => ({ do: 'duplicate', count: random.integer(1, 10) }),
      () => ({ do: 'late-parents', count: random.integer(1, 4), forMs: random.integer(100, 20_000) }),
    ])();
    return [{ atMs, ...happening }];
  }).flat(),
});

/** Messages come again, mostly to a process that has not seen them before. */
function repeated(random: Random, atMs: number): readonly Step[] {
  const forMs = random.integer(100, 30_000);
  const restart: Step = { atMs: atMs + random.integer(0, forMs), do: 'restart', downMs: random.pick([0, 3_000]) };
  return [{ atMs, do: 'repeat-late', count: random.integer(1, 10), forMs }, ...(random.chance(0.7) ? [restart] : [])];
}
