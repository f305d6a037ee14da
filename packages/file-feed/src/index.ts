import { CONTRACT, defineFeedTarget, FeedTokens, Replies } from '@soar-feed/core';
import type { Logger, SourceOrg } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { fileFeedConfig } from './config.js';
import type { FileFeedSection } from './config.js';
import { FileFeed } from './FileFeed.js';
import { NdjsonFeed } from './ndjson/NdjsonFeed.js';

export { fileFeedConfig } from './config.js';
export { FileFeed } from './FileFeed.js';
export { NdjsonFeed } from './ndjson/NdjsonFeed.js';

export type { FileFeedSection } from './config.js';

export default defineFeedTarget({
  type: 'file',
  aliases: ['FileFeed'],
  contract: CONTRACT,
  summary: 'One JSON file per object, or one line per change.',
  config: fileFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (config: FileFeedSection, source: SourceOrg, log: Logger) =>
          config.format === 'ndjson' ? new NdjsonFeed(config, log) : new FileFeed(config, new Replies(source)),
        [FeedTokens.Config, FeedTokens.Source, FeedTokens.Logger],
      )
      .inSingletonScope();
  }),
});
