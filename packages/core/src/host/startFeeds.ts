import { ConfigError, FeedError } from '../contract/errors.js';
import type { ConfigIssue } from '../contract/errors.js';
import type { Feed } from '../delivery/Feed.js';
import type { Standby } from './Standby.js';

/**
 * Opens the feeds at the same time; with a `standby`, one after another, and each waits for another host that holds its mapping.
 * Throws one `ConfigError` with everything that they find wrong with the file and that only shows when a target opens, such as a
 * file that is no database.
 */
export async function startFeeds(feeds: readonly Feed[], file: string, standby?: Standby): Promise<void> {
  const started = await (standby === undefined
    ? Promise.allSettled(feeds.map((feed) => feed.start()))
    : inTurn(feeds, standby));
  const failed = started.flatMap((end): readonly unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  const other = failed.find((error) => issuesOf(error).length === 0);
  if (other !== undefined) throw other;
  const issues = failed.flatMap(issuesOf);
  if (issues.length > 0) throw new ConfigError(issues, file);
}

/** In the order of their names: two hosts that wait never hold what the other one waits for. */
async function inTurn(feeds: readonly Feed[], standby: Standby): Promise<readonly PromiseSettledResult<unknown>[]> {
  const ends: PromiseSettledResult<unknown>[] = [];
  for (const feed of [...feeds].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const starting = standby.until(() => feed.start({ refuse: standby.waitsOut }));
    ends.push(...(await Promise.allSettled([starting])));
  }
  return ends;
}

/** By kind: a target's copy of this package makes its own class. */
function issuesOf(error: unknown): readonly ConfigIssue[] {
  if (!FeedError.is(error) || error.kind !== 'config') return [];
  return 'issues' in error ? (error.issues as readonly ConfigIssue[]) : [];
}
