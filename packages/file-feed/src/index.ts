import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import type { SourceOrg } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { fileFeedConfig } from './config.js';
import type { FileFeedSection } from './config.js';
import { FileFeed } from './FileFeed.js';
import { Replies } from './Replies.js';

export { fileFeedConfig } from './config.js';
export { FileFeed } from './FileFeed.js';

export type { FileFeedSection } from './config.js';

export default defineFeedTarget({
  type: 'file',
  aliases: ['FileFeed'],
  contract: CONTRACT,
  summary: 'One JSON file per object.',
  config: fileFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (config: FileFeedSection, source: SourceOrg) => new FileFeed(config, new Replies(source)),
        [FeedTokens.Config, FeedTokens.Source],
      )
      .inSingletonScope();
  }),
});
