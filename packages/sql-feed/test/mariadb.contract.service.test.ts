import { afterAll, describe } from '@jest/globals';
import { describeFeedTarget } from '@soar-feed/feed-testkit';
import { ownMariaDb, placeOn, testPort } from './help/servers.js';
import type { TestServer } from './help/servers.js';
import { sqlCase } from './help/sqlCase.js';

const server = ownMariaDb(testPort(2));

(server === undefined ? describe.skip : describe)('MariaDB (skipped where it is not installed)', () => {
  afterAll(() => server?.remove());
  const place = async () => placeOn(server as TestServer);
  const has = { outage: true, silence: true, poison: true } as const;
  describeFeedTarget(sqlCase({ name: 'SqlFeed on MariaDB', place, has }));
  describeFeedTarget(
    sqlCase({
      name: 'SqlFeed on MariaDB (on_delete=mark)',
      settings: { on_delete: 'mark' },
      place,
      has: { poison: true },
    }),
  );
});
