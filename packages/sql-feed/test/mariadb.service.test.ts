import { afterAll, describe } from '@jest/globals';
import { describeSql } from './help/describeSql.js';
import { ownMariaDb, placeOn, testPort } from './help/servers.js';
import type { TestServer } from './help/servers.js';

const server = ownMariaDb(testPort(4));

(server === undefined ? describe.skip : describe)('MariaDB (skipped where it is not installed)', () => {
  afterAll(() => server?.remove());
  describeSql('SqlFeed on MariaDB', async () => placeOn(server as TestServer));
});
