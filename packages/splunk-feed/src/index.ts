import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import type { Clock, SourceOrg } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { splunkFeedConfig } from './config.js';
import type { SplunkFeedSection } from './config.js';
import { SplunkFeed } from './SplunkFeed.js';

export { splunkFeedConfig } from './config.js';
export { SplunkFeed } from './SplunkFeed.js';

export type { SplunkFeedSection } from './config.js';
export type { SplunkFeedServices } from './SplunkFeed.js';

export default defineFeedTarget({
  type: 'splunk',
  aliases: ['SplunkHECFeed'],
  contract: CONTRACT,
  summary: 'Events of a Splunk HTTP Event Collector.',
  config: splunkFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (section: SplunkFeedSection, name: string, source: SourceOrg, clock: Clock) =>
          new SplunkFeed(section, { name, source, clock }),
        [FeedTokens.Config, FeedTokens.Name, FeedTokens.Source, FeedTokens.Clock],
      )
      .inSingletonScope();
  }),
});
