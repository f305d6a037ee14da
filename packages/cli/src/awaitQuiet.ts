import type { FeedHost } from '@soar-feed/core/runtime';

/** Without any change for this long, what is still parked will not come back by itself. */
const STALLED_AFTER_MS = 10_000;

/** Waits until nothing is under way, and what was parked has been delivered or will not be by itself. */
export async function awaitQuiet(host: FeedHost, signal: AbortSignal): Promise<void> {
  let before = '';
  let changedAt = performance.now();
  while (!signal.aborted && !(await host.quiet(500))) {
    const { feeds } = host.status();
    const now = JSON.stringify(feeds.map(({ counts, parked, queued, state }) => ({ counts, parked, queued, state })));
    if (now !== before) changedAt = performance.now();
    before = now;
    // A queued event ends by itself: delivered, given up, or parked when its feed lags.
    const isUnderWay = feeds.some((feed) => feed.queued > 0);
    if (!isUnderWay && performance.now() - changedAt > STALLED_AFTER_MS) return;
  }
}
