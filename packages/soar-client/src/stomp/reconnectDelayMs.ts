import { surroundings } from '../surroundings.js';
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Before the n-th attempt in a row (from 1): back-off of 1 s, 2 s, 4 s ... 30 s, with jitter down to a half, so that
 * hosts do not reconnect in step.
 */
export function reconnectDelayMs(attempt: number, random: () => number = surroundings().random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(full * (0.5 + random() / 2));
}
