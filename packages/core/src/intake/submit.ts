import type { FeedEvent } from '../contract/FeedEvent.js';
import type { AcceptOptions } from '../delivery/Entry.js';
import type { Settled } from '../delivery/Settled.js';
import type { Feed } from '../delivery/Feed.js';

/**
 * Hands an event to its feeds and waits until it has ended in each. Rejects only when the host is stopping or the store cannot
 * park: then the intake must not finish the event, and it comes again (at-least-once).
 */
export async function submit(
  event: FeedEvent,
  feeds: readonly Feed[],
  options?: AcceptOptions,
): Promise<readonly Settled[]> {
  return Promise.all(feeds.map((feed) => feed.accept(event, options)));
}
