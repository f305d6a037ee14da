/** Weak: a signal that nobody holds any more takes its mark with it. */
const marked = new WeakSet<AbortSignal>();

/**
 * Requests with this signal let others go first where a server's limit is used up: nobody waits for them. A signal stands for
 * a piece of work, and goes with all of its requests.
 */
export function markYielding(signal: AbortSignal): void {
  marked.add(signal);
}

export function isYielding(signal: AbortSignal | undefined): boolean {
  return signal !== undefined && marked.has(signal);
}
