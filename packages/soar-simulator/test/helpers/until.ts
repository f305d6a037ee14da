import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition, and fails when it does not come. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms: ${condition.toString()}`);
    await delay(5);
  }
}
