import type { FeedStore } from '@soar-feed/core';
import { readStored } from '@soar-feed/core/runtime';

/** How many rows of each kind there are, in a sentence. */
export async function countsOf(store: FeedStore): Promise<string> {
  const { parked, totals } = await readStored(store);
  const perFeed = new Map<string, string[]>();
  for (const { feed = 'raw messages', state, rows } of parked) {
    if (rows > 0) perFeed.set(feed, [...(perFeed.get(feed) ?? []), `${rows} ${state}`]);
  }
  const feeds = [...perFeed].map(([feed, counts]) => `${feed}: ${counts.join(', ')}`);
  const events = totals.flatMap((feed) => Object.values(feed.totals)).reduce((sum, count) => sum + count, 0);
  return `${events} events ended; parked: ${feeds.length === 0 ? 'none' : feeds.join('; ')}`;
}
