import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { fileFeedConfig } from './config.js';
import type { FileFeedSection } from './config.js';
import { FileFeed } from './FileFeed.js';

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
      .toResolvedValue((config: FileFeedSection) => new FileFeed(config), [FeedTokens.Config])
      .inSingletonScope();
  }),
});
