import { afterAll, describe } from '@jest/globals';
import { describeIbm } from './help/describeIbm.js';
import { describeKill } from './help/describeKill.js';
import { describeSql } from './help/describeSql.js';
import { ownMariaDb, placeOn, testPort } from './help/servers.js';
import type { TestServer } from './help/servers.js';

const server = ownMariaDb(testPort(4));

(server === undefined ? describe.skip : describe)('MariaDB (skipped where it is not installed)', () => {
  afterAll(() => server?.remove());
  const place = async () => placeOn(server as TestServer);
  describeSql('SqlFeed on MariaDB', place);
  describeIbm('mysql2', place);
  describeKill(place);
});
