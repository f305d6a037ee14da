import type { Happening } from '../plan/Story.js';
import type { Kind } from './Kind.js';

/** The broker restarts, cuts connections, repeats messages, and brings children before their parents. */
export const brokers: Kind = (random, workMs) => ({
  steps: Array.from({ length: random.integer(2, 5) }, () => ({
    atMs: random.integer(0, workMs),
    ...random.pick<() => Happening>([
      () => ({ do: 'broker-restart', downMs: random.pick([0, 500, 20_000]) }),
      () => ({ do: 'drop-connections' }),
      () => ({ do: 'expire-sessions' }),
      () => ({ do: 'duplicate', count: random.integer(1, 10) }),
      () => ({ do: 'late-parents', count: random.integer(1, 4), forMs: random.integer(100, 20_000) }),
    ])(),
  })),
});
