import type { FeedHost } from '@soar-feed/core/runtime';

/** After this long without a change, parked rows will not return by themselves. */
const STALLED_AFTER_MS = 10_000;

/** Waits until no event is in progress, and every parked row was delivered or will not return by itself. */
export async function awaitQuiet(host: FeedHost, signal: AbortSignal): Promise<void> {
  let before = '';
  let changedAt = performance.now();
  while (!signal.aborted && !(await host.quiet(500))) {
    const { feeds } = host.status();
    const now = JSON.stringify(feeds.map(({ counts, parked, queued, state }) => ({ counts, parked, queued, state })));
    if (now !== before) changedAt = performance.now();
    before = now;
    // A queued event ends by itself: it is delivered, fails, or is parked because its feed lags.
    const isUnderWay = feeds.some((feed) => feed.queued > 0);
    if (!isUnderWay && performance.now() - changedAt > STALLED_AFTER_MS) return;
  }
}
