import { describeFeedStore } from '@soar-feed/feed-testkit';
import { KnexFeedStore } from '@soar-feed/store';
import { it } from '@jest/globals';
import { freshSchema, POSTGRES_URL } from './support/postgres.js';

const MISSING = 'SOAR_FEED_TEST_POSTGRES is not set: the URL of a PostgreSQL database, such as postgres://soar@127.0.0.1:5432/soar';

if (POSTGRES_URL === undefined) {
  if (process.env['REQUIRE_SERVICES'] === '1') {
    it('has a PostgreSQL to test with', () => {
      throw new Error(MISSING);
    });
  } else {
    console.warn(`PostgreSQL tests are skipped. ${MISSING}`);
    it.skip('has a PostgreSQL to test with', () => undefined);
  }
} else {
  const url = POSTGRES_URL;
  describeFeedStore({
    name: 'KnexFeedStore on PostgreSQL',
    durable: true,
    async make() {
      const { config, drop } = await freshSchema(url);
      const another = () => new KnexFeedStore({ database: config });
      return { store: another(), another, dispose: drop };
    },
  });
}
