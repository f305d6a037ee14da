import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition, and fails if it is not met. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms: ${condition.toString()}`);
    await delay(5);
  }
}
