import { setMaxListeners } from 'node:events';

/**
 * Calls `then` once when the signal aborts, but not if it has already; the returned function stops listening. As many as they like may
 * wait on one signal: Node takes eleven listeners for a leak, and says so on standard error.
 */
export function onAbort(signal: AbortSignal | undefined, then: () => void): () => void {
  if (signal === undefined) return () => undefined;
  setMaxListeners(0, signal);
  signal.addEventListener('abort', then, { once: true });
  return () => signal.removeEventListener('abort', then);
}
