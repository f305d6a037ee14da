import { afterAll, describe } from '@jest/globals';
import { describeViews } from '../help/describeViews.js';
import { ownMariaDb, ownPostgres, placeOn } from '../help/servers.js';
import type { TestServer } from '../help/servers.js';

const port = Number(process.env['SOAR_FEED_TEST_PORTS'] ?? 23_000) + 50;

describe.each([
  ['PostgreSQL', () => ownPostgres(port)],
  ['MariaDB', () => ownMariaDb(port + 1)],
])('%s (skipped where it is not installed)', (name, start) => {
  const server = start();
  afterAll(() => server?.remove());
  (server === undefined ? describe.skip : describe)('views', () => {
    describeViews(`views on ${name}`, async () => placeOn(server as TestServer));
  });
});
