/** A timer of Node's that is to wait longer fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `then` once after `ms`, however many those are; the answer cancels it. The one timer for waits of any length. */
export function after(ms: number, then: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number): void => {
    const now = Math.min(leftMs, LONGEST_MS);
    timer = setTimeout(() => (leftMs > now ? wait(leftMs - now) : then()), now);
  };
  wait(ms);
  return () => clearTimeout(timer);
}
