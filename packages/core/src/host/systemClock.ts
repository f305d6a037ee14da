import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../contract/Clock.js';

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  },
};
