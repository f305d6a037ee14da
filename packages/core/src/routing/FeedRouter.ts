import type { Feed } from '../delivery/Feed.js';
import type { Workspaces } from '../config/parseWorkspaces.js';
import type { FeedEvent } from '../contract/FeedEvent.js';

/** Which feeds an event goes to: all of `feed_names`, or those its workspace names. */
export class FeedRouter {
  constructor(
    readonly feeds: readonly Feed[],
    /** Absent: every feed gets everything. */
    private readonly routes?: Workspaces,
  ) {}

  /** A delete whose workspace can no longer be determined goes to all feeds: deleting what is not there is harmless. */
  feedsFor(event: FeedEvent): readonly Feed[] {
    if (this.routes === undefined || (event.operation === 'delete' && event.workspace === '')) return this.feeds;
    const names = this.routes.get(event.workspace) ?? [];
    return this.feeds.filter((feed) => names.includes(feed.name));
  }
}
