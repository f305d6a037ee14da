import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition; if it is not met in time, throws an error that names it. Generous: a slow machine is not a
 * finding.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`It did not come about within ${withinMs / 1000} s that ${what}.`);
    await sleep(2);
  }
}
