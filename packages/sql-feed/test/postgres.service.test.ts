import { afterAll, describe } from '@jest/globals';
import { describeSql } from './help/describeSql.js';
import { ownPostgres, placeOn, testPort } from './help/servers.js';
import type { TestServer } from './help/servers.js';

const server = ownPostgres(testPort(3));

(server === undefined ? describe.skip : describe)('PostgreSQL (skipped where it is not installed)', () => {
  afterAll(() => server?.remove());
  describeSql('SqlFeed on PostgreSQL', async () => placeOn(server as TestServer));
});
