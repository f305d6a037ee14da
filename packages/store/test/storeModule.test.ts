import { FeedTokens } from '@soar-feed/core';
import { MemoryStore } from '@soar-feed/core/runtime';
import { KnexFeedStore, storeModule } from '@soar-feed/store';
import { Container } from 'inversify';
import { expect, it } from '@jest/globals';

const config = { database: { client: 'sqlite', file: '/nowhere/feed.db' } } as const;

it('binds one durable store, also where another one was bound', () => {
  const container = new Container();
  container.bind(FeedTokens.Store).toConstantValue(new MemoryStore());
  container.load(storeModule(config));
  const store = container.get(FeedTokens.Store);
  expect(store).toBeInstanceOf(KnexFeedStore);
  expect(container.get(FeedTokens.Store)).toBe(store);
});

it('binds it where none was', () => {
  const container = new Container();
  container.load(storeModule(config));
  expect(container.get(FeedTokens.Store)).toBeInstanceOf(KnexFeedStore);
});
