import { after, onAbort, surroundings } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => surroundings().now(),
  steadyMs: () => surroundings().steadyMs(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = after(ms, () => {
        letGo();
        resolve();
      });
      const letGo = onAbort(signal, giveUp);
      if (signal?.aborted === true) giveUp();
    }),
};
