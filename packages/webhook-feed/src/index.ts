import { CONTRACT, defineFeedTarget, FeedTokens } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import type { WebhookSection } from './config/keys.js';
import { webhookFeedConfig } from './config/webhookFeedConfig.js';
import { toWebhookSettings } from './config/WebhookSettings.js';
import { WebhookFeed } from './WebhookFeed.js';

export { webhookFeedConfig } from './config/webhookFeedConfig.js';
export { toWebhookSettings } from './config/WebhookSettings.js';
export { WebhookFeed } from './WebhookFeed.js';

export type { WebhookSection } from './config/keys.js';
export type { WebhookSettings } from './config/WebhookSettings.js';
export type { Item } from './request/itemOf.js';

export default defineFeedTarget({
  type: 'webhook',
  contract: CONTRACT,
  summary: 'Posts changes to a web address, in signed batches.',
  config: webhookFeedConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue((section: WebhookSection) => new WebhookFeed(toWebhookSettings(section)), [FeedTokens.Config])
      .inSingletonScope();
  }),
});
