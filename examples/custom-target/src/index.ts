import { CONTRACT, defineFeedTarget, FeedTokens, field, z } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { Webhook } from './Webhook.js';

const webhookConfig = z.object({
  url: field.url({ doc: 'Where every change is posted.' }),
  token: field.secret({ doc: 'Bearer token of the receiver.' }).optional(),
});

export default defineFeedTarget({
  type: 'my-webhook',
  contract: CONTRACT,
  summary: 'Posts every change to a URL.',
  config: webhookConfig,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(
        (config: z.output<typeof webhookConfig>) => new Webhook(config.url, config.token),
        [FeedTokens.Config],
      )
      .inSingletonScope();
  }),
});
