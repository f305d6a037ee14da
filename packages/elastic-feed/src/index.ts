import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import type { Clock, Logger, SourceOrg } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { elasticFeedConfig } from './config.js';
import type { ElasticFeedSection } from './config.js';
import { ElasticFeed } from './ElasticFeed.js';

export { elasticFeedConfig } from './config.js';
export { ElasticFeed } from './ElasticFeed.js';

export type { ElasticFeedSection } from './config.js';
export type { ElasticFeedServices } from './ElasticFeed.js';

export default defineFeedTarget({
  type: 'elastic',
  aliases: ['ElasticFeed'],
  contract: CONTRACT,
  summary: 'One document per object in Elasticsearch or OpenSearch.',
  config: elasticFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (config: ElasticFeedSection, name: string, source: SourceOrg, log: Logger, clock: Clock) =>
          new ElasticFeed(config, { name, source, log, clock }),
        [FeedTokens.Config, FeedTokens.Name, FeedTokens.Source, FeedTokens.Logger, FeedTokens.Clock],
      )
      .inSingletonScope();
  }),
});
