import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hasPostgres, startPostgres } from '@soar-feed/feed-testkit';
import type { Postgres } from '@soar-feed/feed-testkit';
import { bears, troubledHost } from '../helpers/troubledHost.js';
import { soarFeed } from '../helpers/soarFeed.js';

jest.setTimeout(180_000);

const MISSING = 'PostgreSQL is not installed: apt-get install postgresql';

if (hasPostgres()) {
  describe('a host whose state is in PostgreSQL', () => tests());
} else if (process.env['REQUIRE_SERVICES'] === '1') {
  it('has a PostgreSQL to test with', () => {
    throw new Error(MISSING);
  });
} else {
  console.warn(`PostgreSQL tests are skipped. ${MISSING}`);
  it.skip('has a PostgreSQL to test with', () => undefined);
}

function tests(): void {
  let postgres: Postgres;
  beforeAll(() => {
    postgres = startPostgres({ port: 25_471 });
  });
  afterAll(() => postgres.remove());

  it('acknowledges nothing while the server is stopped, and goes on when it is started again', async () => {
    const troubled = await troubledHost({ state_db: postgres.url });
    try {
      await bears(troubled, /cannot be reached|PostgreSQL/, {
        begin: () => postgres.stop(),
        end: () => postgres.start(),
      });
      const status = await soarFeed(['status', '--json'], { cwd: troubled.site.folder });
      expect(JSON.parse(status.stdout)).toMatchObject({ running: false, feeds: [{ totals: { delivered: 4 } }] });
    } finally {
      await troubled.stop();
    }
  });

  it('acknowledges nothing while the server is frozen, says so in seconds, and goes on with it', async () => {
    const troubled = await troubledHost({
      state_db: postgres.url,
      state_db_timeout: '1s',
      state_db_connect_timeout: '1s',
    });
    try {
      await bears(troubled, /does not answer|cannot be reached/, {
        begin: () => postgres.freeze(),
        end: () => postgres.thaw(),
      });
    } finally {
      postgres.thaw();
      await troubled.stop();
    }
  });

  it('stops in time while the server is frozen', async () => {
    const troubled = await troubledHost({
      state_db: postgres.url,
      state_db_timeout: '1s',
      state_db_connect_timeout: '1s',
    });
    try {
      postgres.freeze();
      await troubled.makeIncident();
      const from = Date.now();
      await troubled.host.stop(1_000);
      expect(Date.now() - from).toBeLessThan(20_000);
    } finally {
      postgres.thaw();
      await troubled.stop();
    }
  });
}
