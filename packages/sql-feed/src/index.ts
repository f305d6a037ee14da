import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import type { Logger, SourceOrg } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { sqlFeedConfig } from './config/section.js';
import type { SqlFeedSection } from './config/section.js';
import { toSettings } from './config/toSettings.js';
import { makeSqlFeed } from './makeSqlFeed.js';

export { sqlFeedConfig } from './config/section.js';
export { toSettings } from './config/toSettings.js';
export { makeSqlFeed } from './makeSqlFeed.js';
export { SqlFeed } from './SqlFeed.js';

export type { SqlFeedSection } from './config/section.js';
export type { SqlFeedSettings } from './config/toSettings.js';
export type { ObservedFeed, RowChange, RowObserver } from './RowObserver.js';
export type { SqlFeedServices } from './SqlFeedServices.js';

export default defineFeedTarget({
  type: 'sql',
  aliases: ['ODBCFeed', 'SQLiteFeed'],
  contract: CONTRACT,
  summary: 'Tables of an SQL database: one per type, one row per object.',
  config: sqlFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (section: SqlFeedSection, name: string, source: SourceOrg, log: Logger) =>
          makeSqlFeed(toSettings(section, name), { name, source, log }),
        [FeedTokens.Config, FeedTokens.Name, FeedTokens.Source, FeedTokens.Logger],
      )
      .inSingletonScope();
  }),
});
