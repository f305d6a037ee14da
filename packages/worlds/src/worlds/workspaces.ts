import type { Kind } from './Kind.js';

/** Each workspace feeds other targets, and incidents move between them. */
export const workspaces: Kind = (random, workMs) => ({
  site: { routed: true, fileFeed: true, references: true },
  steps: Array.from({ length: random.integer(2, 8) }, () => ({
    atMs: random.integer(0, workMs),
    do: 'move' as const,
    seed: random.integer(1, 1_000_000),
  })),
});
