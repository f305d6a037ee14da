import { ConfigError, FeedError } from '../contract/errors.js';
import type { ConfigIssue } from '../contract/errors.js';
import type { Feed } from '../delivery/Feed.js';

/**
 * Opens the feeds at the same time. Throws one `ConfigError` with everything they find wrong with the file that only shows when
 * a target opens, such as a file that is no database.
 */
export async function startFeeds(feeds: readonly Feed[], file: string): Promise<void> {
  const started = await Promise.allSettled(feeds.map((feed) => feed.start()));
  const failed = started.flatMap((end): readonly unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  const other = failed.find((error) => issuesOf(error).length === 0);
  if (other !== undefined) throw other;
  const issues = failed.flatMap(issuesOf);
  if (issues.length > 0) throw new ConfigError(issues, file);
}

/** By kind: a target's copy of this package makes its own class. */
function issuesOf(error: unknown): readonly ConfigIssue[] {
  if (!FeedError.is(error) || error.kind !== 'config') return [];
  return 'issues' in error ? (error.issues as readonly ConfigIssue[]) : [];
}
