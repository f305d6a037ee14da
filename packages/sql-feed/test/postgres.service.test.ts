import { afterAll, describe } from '@jest/globals';
import { describeIbm } from './help/describeIbm.js';
import { describeKill } from './help/describeKill.js';
import { describeSql } from './help/describeSql.js';
import { ownPostgres, placeOn, testPort } from './help/servers.js';
import type { TestServer } from './help/servers.js';

const server = ownPostgres(testPort(3));

(server === undefined ? describe.skip : describe)('PostgreSQL (skipped where it is not installed)', () => {
  afterAll(() => server?.remove());
  const place = async () => placeOn(server as TestServer);
  describeSql('SqlFeed on PostgreSQL', place);
  describeIbm('pg', place);
  describeKill(place);
});
