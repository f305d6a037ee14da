import type { Random } from '@soar-feed/soar-simulator';
import type { Step } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/**
 * The host's machine stands still, as when a virtual machine is moved. Meanwhile another host may take its place; while it runs, none
 * may.
 */
export const suspensions: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(1, 3) }, (): readonly Step[] => {
    const atMs = random.integer(0, workMs);
    if (random.chance(0.2)) return [{ atMs, do: 'second-host' }];
    const effects = random.integer(1, 200);
    if (random.chance(0.4)) return [{ atMs, do: 'suspend', effects, forMs: random.integer(1_000, 90_000) }];
    const forMs = random.integer(50_000, 90_000);
    return [
      { atMs, do: 'suspend', effects, forMs, successor: true },
      // It takes a while until it hears of its successor.
      ...(random.chance(0.5) ? [slow(random, atMs + forMs)] : []),
      // What it has begun, and what its successor hears of the same objects.
      ...busy(random, atMs, random.integer(3, 12)),
      ...busy(random, atMs + random.integer(33_000, 48_000), random.integer(3, 12)),
    ];
  }).flat(),
});

function slow(random: Random, aroundMs: number): Step {
  return { atMs: aroundMs - 1_000, do: 'slow-disk', ms: random.integer(20, 500), forMs: 5_000 };
}

function busy(random: Random, fromMs: number, steps: number): readonly Step[] {
  return Array.from({ length: steps }, (_, step): Step => ({
    atMs: fromMs + step * random.integer(1, 20),
    do: 'work',
    seed: random.integer(1, 1_000_000),
  }));
}
