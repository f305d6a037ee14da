import { afterAll, describe, it } from '@jest/globals';
import { describeFeedTarget } from '@soar-feed/feed-testkit';
import { describeSql } from './help/describeSql.js';
import { givenServer, placeOn } from './help/servers.js';
import { sqlCase } from './help/sqlCase.js';

/** The same suites against any server that a variable names by its URL; CONTRIBUTING.md says how to start one. */
const SERVERS = {
  SOAR_FEED_TEST_MARIADB: 'MariaDB',
  SOAR_FEED_TEST_MYSQL: 'MySQL',
  SOAR_FEED_TEST_MSSQL: 'SQL Server',
  SOAR_FEED_TEST_ORACLE: 'Oracle',
};

for (const [variable, name] of Object.entries(SERVERS)) {
  const server = givenServer(variable);
  if (server === undefined) {
    describe(`${name}: not met, because ${variable} is not set`, () => {
      it.skip('takes what sql-feed writes', () => undefined);
    });
    continue;
  }
  describe(`${name} of ${variable}`, () => {
    afterAll(() => server.remove());
    const place = async () => placeOn(server, { connect_timeout: '20', statement_timeout: '60' });
    describeFeedTarget(sqlCase({ name: `SqlFeed on ${name}`, place }));
    describeSql(`SqlFeed on ${name}`, place);
  });
}
