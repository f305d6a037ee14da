import { afterAll, beforeAll, jest } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { hasPgbouncer, startPgbouncer } from '@soar-feed/feed-testkit';
import type { Pgbouncer } from '@soar-feed/feed-testkit';
import { freshDatabase, withPostgres } from '../helpers/postgres.js';
import { mappingSuite } from './mappingSuite.js';

jest.setTimeout(60_000);

withPostgres('the mapping behind a pgbouncer in transaction mode', (url) => {
  let pooler: Pgbouncer;
  beforeAll(async () => {
    if (!hasPgbouncer()) throw new Error('pgbouncer is not installed: apt-get install pgbouncer');
    pooler = await startPgbouncer(url, { port: await freePort(), mode: 'transaction' });
  });
  afterAll(() => pooler.stop());

  mappingSuite(async () => {
    const { config, drop } = await freshDatabase(url);
    const through = new URL(pooler.url);
    through.pathname = new URL(String(config.connection)).pathname;
    return { config: { client: 'postgres', connection: through.href }, drop };
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
