import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import type { Clock, Logger, SourceOrg } from '@soar-feed/core';
import type { Dial, ServerLimits } from '@soar-feed/soar-client';
import { ContainerModule } from 'inversify';
import { resilientFeedConfig, toSettings } from './config.js';
import type { ResilientFeedSection } from './config.js';
import { KnexMappingStore } from './mapping/KnexMappingStore.js';
import { ResilientFeed } from './ResilientFeed.js';

export { resilientFeedConfig, toSettings } from './config.js';
export { KnexMappingStore } from './mapping/KnexMappingStore.js';
export { ResilientFeed } from './ResilientFeed.js';

export type { ResilientFeedSection, ResilientFeedSettings } from './config.js';
export type { Mapping, MappingState, TargetRef } from './mapping/Mapping.js';
export type { MappingStore } from './mapping/MappingStore.js';
export type { ResilientFeedServices } from './ResilientFeed.js';

export default defineFeedTarget({
  type: 'resilient',
  aliases: ['ResilientFeed'],
  contract: CONTRACT,
  summary: 'Another SOAR organization: every object becomes one object there.',
  config: resilientFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (
          section: ResilientFeedSection,
          name: string,
          source: SourceOrg,
          log: Logger,
          clock: Clock,
          dial?: Dial,
          limits?: ServerLimits,
        ) => {
          const settings = toSettings(section);
          const mapping = new KnexMappingStore(settings.mapping);
          return new ResilientFeed(settings, { mapping, name, source, log, clock, dial, limits });
        },
        [
          ...([FeedTokens.Config, FeedTokens.Name, FeedTokens.Source, FeedTokens.Logger, FeedTokens.Clock] as const),
          { serviceIdentifier: FeedTokens.Dial, optional: true },
          { serviceIdentifier: FeedTokens.ServerLimits, optional: true },
        ],
      )
      .inSingletonScope();
  }),
});
