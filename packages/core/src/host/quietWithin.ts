import type { Clock } from '../contract/Clock.js';

/** What may be under way in a host. */
interface Busy {
  readonly feeds: readonly { readonly restless: boolean }[];
  readonly intake: { readonly inFlight: number };
}

/** Resolves when nothing is under way and nothing parked will come back by itself, or after `timeoutMs`: then with false. */
export async function quietWithin(timeoutMs: number, running: () => Busy | undefined, clock: Clock): Promise<boolean> {
  const deadline = clock.steadyMs() + timeoutMs;
  while (clock.steadyMs() < deadline) {
    const restless = (running()?.feeds ?? []).some((feed) => feed.restless);
    if (!restless && (running()?.intake.inFlight ?? 0) === 0) return true;
    await clock.sleep(50);
  }
  return false;
}
