import type { FeedSection, HostConfig } from '../config/loadHostConfig.js';
import type { ConfigIssue } from '../contract/errors.js';
import type { FeedTargetPackage } from '../contract/FeedTargetPackage.js';
import type { DiscoveredTarget } from './discoverTargets.js';

/** A feed whose package is loaded and whose section its schema took. */
export interface PreparedFeed {
  readonly section: FeedSection;
  readonly target: DiscoveredTarget;
  readonly definition: FeedTargetPackage;
  /** The section's value by the package's own schema. */
  readonly config: unknown;
}

export interface PreparedHost {
  readonly config: HostConfig;
  readonly feeds: readonly PreparedFeed[];
  readonly warnings: readonly ConfigIssue[];
}
