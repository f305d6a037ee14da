import { describeFeedStore, tempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore } from '@soar-feed/store';

describeFeedStore({
  name: 'KnexFeedStore on SQLite',
  durable: true,
  async make() {
    const folder = await tempFolder();
    const another = () => new KnexFeedStore({ database: { client: 'sqlite', file: folder.file('feed.db') } });
    return { store: another(), another, dispose: () => folder.remove() };
  },
});
