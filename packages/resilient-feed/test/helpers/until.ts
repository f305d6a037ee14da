import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until it is true. An error counts as "not yet" until the deadline. */
export async function until(condition: () => Promise<boolean>, deadlineMs = 5_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const done = await condition().catch((error: unknown) => {
      if (Date.now() > end) throw error;
      return false;
    });
    if (done) return;
    if (Date.now() > end) throw new Error('the condition did not come true in time');
    await sleep(20);
  }
}
