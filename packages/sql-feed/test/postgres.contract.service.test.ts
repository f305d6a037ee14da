import { afterAll, describe } from '@jest/globals';
import { describeFeedTarget } from '@soar-feed/feed-testkit';
import { ownPostgres, placeOn, testPort } from './help/servers.js';
import type { TestServer } from './help/servers.js';
import { sqlCase } from './help/sqlCase.js';

/** The server takes anybody, with any password. */
const SECRET = 'not-to-be-shown-4711';

const server = ownPostgres(testPort(1));

(server === undefined ? describe.skip : describe)('PostgreSQL (skipped where it is not installed)', () => {
  afterAll(() => server?.remove());
  const place = async () => placeOn(server as TestServer);
  const has = { outage: true, silence: true, poison: true } as const;
  describeFeedTarget(
    sqlCase({ name: 'SqlFeed on PostgreSQL', settings: { pwd: SECRET }, secrets: [SECRET], place, has }),
  );
  describeFeedTarget(
    sqlCase({
      name: 'SqlFeed on PostgreSQL (on_delete=mark)',
      settings: { on_delete: 'mark' },
      place,
      has: { poison: true },
    }),
  );
});
