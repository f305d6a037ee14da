import { FeedTokens } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import type { FeedStoreConfig } from './feed/KnexFeedStore.js';
import { KnexFeedStore } from './feed/KnexFeedStore.js';

/** Binds the durable store of the host, and replaces any other. */
export function storeModule(config: FeedStoreConfig): ContainerModule {
  return new ContainerModule(({ bind, isBound, unbind }) => {
    if (isBound(FeedTokens.Store)) void unbind(FeedTokens.Store);
    bind(FeedTokens.Store)
      .toDynamicValue(() => new KnexFeedStore(config))
      .inSingletonScope();
  });
}
