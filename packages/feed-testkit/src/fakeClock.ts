import type { Clock } from '@soar-feed/core';

export interface FakeClock extends Clock {
  /** Moves time; resolves when every sleeper that is due has been woken, earliest first, and has had its turn. */
  advance(ms: number): Promise<void>;
  /** How many sleepers there are now. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly dueMs: number;
  wake(): void;
}

/** A clock that only tests move. */
export function fakeClock(startMs = 1_700_000_000_000): FakeClock {
  let nowMs = startMs;
  const sleeping = new Set<Sleeper>();

  return {
    now: () => nowMs,
    steadyMs: () => nowMs - startMs,
    get sleepers() {
      return sleeping.size;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const end = (settle: () => void) => {
          sleeping.delete(sleeper);
          signal?.removeEventListener('abort', abort);
          settle();
        };
        const abort = () => end(() => reject(signal?.reason as Error));
        const sleeper = { dueMs: nowMs + ms, wake: () => end(resolve) };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', abort);
      });
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await othersTurn();
      for (let next = earliest(sleeping); next !== undefined && next.dueMs <= untilMs; next = earliest(sleeping)) {
        nowMs = Math.max(nowMs, next.dueMs);
        next.wake();
        // A woken sleeper may sleep again and be due again before the end.
        await othersTurn();
      }
      nowMs = untilMs;
    },
  };
}

function earliest(sleeping: ReadonlySet<Sleeper>): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleeping) if (first === undefined || sleeper.dueMs < first.dueMs) first = sleeper;
  return first;
}

function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
