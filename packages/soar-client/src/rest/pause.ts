import { after } from '../timers/after.js';
import { onAbort } from '../timers/onAbort.js';

/** Resolves after `ms`, or at once when the signal fires: the caller checks the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      cancel();
      letGo();
      resolve();
    };
    const cancel = after(ms, done);
    const letGo = onAbort(signal, done);
  });
}
