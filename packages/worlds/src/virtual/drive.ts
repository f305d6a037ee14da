import { realImmediate } from './install.js';
import type { Machine } from './Machine.js';

/** Turns of the event loop in which nothing may move before the world counts as still. */
const STILL_TURNS = 1;

/**
 * Lets a world live until `isOver`: what can be done at once is done, then what the disk has to do, and when nothing is left but
 * to wait, time jumps. `false`: `untilMs` came first, or nothing would ever happen again.
 */
export async function drive(machine: Machine, untilMs: number, isOver: () => boolean): Promise<boolean> {
  for (;;) {
    await stillness(machine);
    if (isOver()) return true;
    if (!machine.disk.isIdle) {
      await machine.disk.step();
      continue;
    }
    const { nextMs } = machine.time;
    if (nextMs === undefined || nextMs > untilMs) return false;
    machine.time.fireNext();
  }
}

async function stillness(machine: Machine): Promise<void> {
  for (let still = 0; still < STILL_TURNS; still += 1) {
    await new Promise<void>((resolve) => void realImmediate(resolve));
    if (machine.immediates.size > 0 || (machine.loading > 0 && isReading())) still = -1;
  }
}

/** Node reads modules with its own threads, even those that it knows. */
function isReading(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
