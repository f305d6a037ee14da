import { MemoryStore } from '@soar-feed/core/runtime';
import { describeFeedStore } from '@soar-feed/feed-testkit';

describeFeedStore({
  name: 'MemoryStore',
  make: async () => ({ store: new MemoryStore(), dispose: async () => undefined }),
});
