import { describeFeedStore, hasPgbouncer, startPgbouncer } from '@soar-feed/feed-testkit';
import type { Pgbouncer, Postgres } from '@soar-feed/feed-testkit';
import { KnexFeedStore, openDatabase } from '@soar-feed/store';
import type { PostgresConfig } from '@soar-feed/store';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort, MISSING_POSTGRES, ownServer, withService } from './support/ownServer.js';
import { statement } from './support/postgres.js';

/** Names that would break out of their quotes, be split, or be taken for a binding. */
const SCHEMAS = ['feed_a', 'Feed B', 'a.b', 'x"; DROP TABLE y; --', 'what? $1 as z', "it's", 'ünï', 'a[1]'];

const MISSING_PGBOUNCER = hasPgbouncer() ? undefined : 'pgbouncer is not installed: apt-get install pgbouncer';

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

withService('a state behind a pgbouncer', MISSING_POSTGRES ?? MISSING_PGBOUNCER, () => {
  let postgres: Postgres;
  let pooler: Pgbouncer;
  beforeAll(async () => {
    postgres = await ownServer();
    pooler = await startPgbouncer(postgres.url, { port: await freePort(), mode: 'transaction' });
    for (const schema of SCHEMAS)
      await statement(postgres.url, `CREATE SCHEMA ${quoted(schema).replaceAll('?', '\\?')}`);
  });
  afterAll(async () => {
    await pooler.stop();
    postgres.remove();
  });

  const at = (schema: string): PostgresConfig => ({ client: 'postgres', connection: pooler.url, schema });

  it('stays in its own schema, whoever else uses the pooler and however the schema is called', async () => {
    const stores = SCHEMAS.map((schema) => new KnexFeedStore({ database: at(schema) }));
    await Promise.all(stores.map((store) => store.open()));
    for (let round = 1; round <= 5; round += 1) {
      await Promise.all(
        stores.map((store, n) => store.checkpoints.write('a', { incidentId: 100 * n + round, startedAtMs: 1 })),
      );
    }
    const found = await Promise.all(stores.map((store) => store.checkpoints.read('a')));
    expect(found.map((checkpoint) => checkpoint?.incidentId)).toEqual(SCHEMAS.map((_schema, n) => 100 * n + 5));
    // Each has its lease, and a second host on one of them is refused.
    await expect(new KnexFeedStore({ database: at('a.b') }).open()).rejects.toMatchObject({ code: 'store-held' });
    for (const store of stores) await store.close();
    const direct = await openDatabase({ client: 'postgres', connection: postgres.url });
    const { rows } = await direct.knex.raw<{ rows: readonly { nspname: string }[] }>(
      'SELECT nspname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = \'soar_feed_parked\' ORDER BY nspname COLLATE "C"',
    );
    expect(rows.map(({ nspname }) => nspname)).toEqual([...SCHEMAS].sort());
    await direct.close();
  }, 120_000);

  it('can be looked at beside the host, and cannot be written so', async () => {
    const store = new KnexFeedStore({ database: at('Feed B') });
    await store.open();
    const looker = new KnexFeedStore({ database: at('Feed B') });
    await looker.open({ readOnly: true });
    expect(await looker.checkpoints.read('a')).toMatchObject({ incidentId: 105 });
    await looker.close();
    const database = await openDatabase(at('Feed B'), { readOnly: true });
    await expect(database.knex('soar_feed_checkpoints').delete()).rejects.toMatchObject({ code: '25006' });
    await expect(database.transaction(async () => undefined)).rejects.toMatchObject({ code: 'store-read-only' });
    await database.close();
    await store.close();
  });

  it('is refused in words where the pooler allows no transactions', async () => {
    const strict = await startPgbouncer(postgres.url, { port: await freePort(), mode: 'statement' });
    await expect(openDatabase({ client: 'postgres', connection: strict.url })).rejects.toMatchObject({
      code: 'store-pooling',
      message: expect.stringContaining('pool_mode=transaction'),
    });
    await strict.stop();
  });

  describeFeedStore({
    name: 'KnexFeedStore through pgbouncer',
    durable: true,
    async make() {
      const schema = `test_${Math.random().toString(36).slice(2)}`;
      await statement(postgres.url, `CREATE SCHEMA ${schema}`);
      const another = () => new KnexFeedStore({ database: at(schema) });
      return { store: another(), another, dispose: () => statement(postgres.url, `DROP SCHEMA ${schema} CASCADE`) };
    },
  });
});
