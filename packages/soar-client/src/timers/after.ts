import { surroundings } from '../surroundings.js';
/** Node's timers fire at once if they are set to more than this. ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `then` once after `ms`, of any length; the returned function cancels it. */
export function after(ms: number, then: () => void): () => void {
  let cancel: () => void;
  const wait = (leftMs: number): void => {
    const now = Math.min(leftMs, LONGEST_MS);
    cancel = surroundings().startTimer(now, () => (leftMs > now ? wait(leftMs - now) : then()));
  };
  wait(ms);
  return () => cancel();
}
