import type { FeedStore } from '../contract/FeedStore.js';
import type { retryParked } from '../parking/byHand.js';
import type { HandReport, ParkedSelection } from '../parking/byHand.js';
import type { Feed } from '../delivery/Feed.js';
import type { ShownInSource } from '../showing/ShownInSource.js';

/** Who has to know. */
interface Holders {
  readonly feeds: readonly Pick<Feed, 'name' | 'rowsChanged'>[];
  readonly shown?: Pick<ShownInSource, 'look'>;
}

/** Changes parked rows as a person asks. The feeds learn which ones, even if a failure ended the change halfway. */
export async function changeRows(
  action: typeof retryParked,
  selection: ParkedSelection,
  store: FeedStore,
  running: Holders | undefined,
): Promise<HandReport> {
  const feeds = running?.feeds ?? [];
  try {
    const report = await action(store, selection);
    for (const { key } of report.touched) running?.shown?.look(key.incidentId);
    for (const feed of feeds) {
      const keys = report.touched.flatMap((row) => (row.feed === feed.name ? [row.key] : []));
      await feed.rowsChanged(keys);
    }
    return report;
  } catch (error) {
    for (const feed of feeds) void feed.rowsChanged().catch(() => undefined);
    throw error;
  }
}
