import { FeedTokens } from '@soar-feed/core';
import type { FeedStore, Logger } from '@soar-feed/core';
import { ContainerModule } from 'inversify';

/** Makes a host log to the test, and keep its state in a store that outlives it. */
export function testModule(log: Logger, store: FeedStore | undefined): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(FeedTokens.Logger).toConstantValue(log);
    if (store !== undefined) bind(FeedTokens.Store).toConstantValue(store);
  });
}
