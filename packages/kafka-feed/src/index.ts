import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import type { Logger } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { makeClient } from './client/makeClient.js';
import { kafkaFeedConfig } from './config/kafkaFeedConfig.js';
import type { KafkaFeedSection } from './config/keys.js';
import { toKafkaSettings } from './config/toKafkaSettings.js';
import { KafkaFeed } from './KafkaFeed.js';

export { makeClient } from './client/makeClient.js';
export { kafkaFeedConfig } from './config/kafkaFeedConfig.js';
export { toKafkaSettings } from './config/toKafkaSettings.js';
export { KafkaFeed } from './KafkaFeed.js';

export type { KafkaMessage, KafkaPort } from './client/KafkaPort.js';
export type { KafkaFeedSection } from './config/keys.js';
export type { KafkaSettings } from './config/KafkaSettings.js';

export default defineFeedTarget({
  type: 'kafka',
  aliases: ['KafkaFeed'],
  contract: CONTRACT,
  summary: 'One message per change, in Kafka topics.',
  config: kafkaFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (section: KafkaFeedSection, log: Logger) => new KafkaFeed(toKafkaSettings(section), makeClient, log),
        [FeedTokens.Config, FeedTokens.Logger],
      )
      .inSingletonScope();
  }),
});
