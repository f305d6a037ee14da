import { randomBytes, randomUUID } from 'node:crypto';

/**
 * What the product takes from the machine that it runs on: time, timers and chance. Its code takes them from here alone, so that a
 * simulation can give it others.
 */
export interface Surroundings {
  /** ms since the epoch. Somebody may set this clock. */
  now(): number;
  /** ms since any moment, of a clock that nobody sets: for durations. */
  steadyMs(): number;
  /**
   * Calls `then` once after `ms`, at most 2^31 - 1; the returned function cancels it. `background`: it does not keep the process
   * alive.
   */
  startTimer(ms: number, then: () => void, options?: { readonly background?: boolean }): () => void;
  /** Calls `then` once what is ready now has been done. */
  atEndOfTurn(then: () => void): void;
  /** 0 ≤ x < 1. Not for secrets. */
  random(): number;
  uuid(): string;
  /** Random bytes as hexadecimal digits. */
  hex(bytes: number): string;
}

const ofTheMachine: Surroundings = {
  now: () => Date.now(),
  steadyMs: () => performance.now(),
  startTimer(ms, then, { background = false } = {}) {
    const timer = setTimeout(then, ms);
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
  atEndOfTurn: (then) => void setImmediate(then),
  random: () => Math.random(),
  uuid: () => randomUUID(),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};

let current = ofTheMachine;

/** Ask each time: they may be replaced. */
export function surroundings(): Surroundings {
  return current;
}

/** For simulations, which replace them before anything runs. The returned function puts the machine's own back. */
export function replaceSurroundings(others: Surroundings): () => void {
  current = others;
  return () => (current = ofTheMachine);
}
