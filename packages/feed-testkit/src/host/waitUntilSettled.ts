import { inspect } from 'node:util';
import type { FeedStatus } from '@soar-feed/core/runtime';
import type { SimOrg } from '@soar-feed/soar-simulator';

/** What a host says of itself, in this process or in another. */
export interface Settling {
  /** See `FeedHost.quiet`. */
  quiet(timeoutMs: number): Promise<boolean>;
  feeds(): Promise<readonly FeedStatus[]>;
}

/**
 * Resolves when every change made so far has ended at every feed and its message is answered. Throws after `timeoutMs` with
 * what is still under way, and at once when objects failed for ever.
 */
export async function waitUntilSettled(org: SimOrg, host: Settling, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const left = (): number => Math.max(1, deadline - Date.now());
  await org.settled();
  const answered = Promise.all(org.invocations().map(({ done }) => done)).then(() => true);
  const isAnswered = await Promise.race([answered, later(left())]);
  const isQuiet = isAnswered && (await host.quiet(left()));
  const feeds = (await host.feeds()).map(({ name, state, problem, queued, parked }) => {
    return { name, state, problem, queued, parked };
  });
  if (!isQuiet) throw new Error(`The host is not settled after ${timeoutMs} ms: ${inspect(feeds, { depth: 4 })}`);
  const failed = feeds.filter(({ parked }) => parked.failed + parked.undecided > 0);
  if (failed.length > 0) throw new Error(`Objects failed for ever: ${inspect(failed, { depth: 4 })}`);
}

function later(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
