import { setMaxListeners } from 'node:events';

/**
 * Calls `then` once when the signal aborts, but not if it already has; the returned function stops listening. Any number may wait on one
 * signal: by default, Node warns of a leak on standard error from the eleventh listener on.
 */
export function onAbort(signal: AbortSignal | undefined, then: () => void): () => void {
  if (signal === undefined || signal.aborted) return () => undefined;
  setMaxListeners(0, signal);
  signal.addEventListener('abort', then, { once: true });
  return () => signal.removeEventListener('abort', then);
}
