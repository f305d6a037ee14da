import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after so many ms, or at the signal. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
