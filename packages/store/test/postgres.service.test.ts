import { describeFeedStore } from '@soar-feed/feed-testkit';
import { GroupCommit, KnexFeedStore, Lease, migrate, openDatabase } from '@soar-feed/store';
import type { Database, MigrationStep, PostgresConfig } from '@soar-feed/store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freshSchema, POSTGRES_URL } from './support/postgres.js';

const MISSING =
  'SOAR_FEED_TEST_POSTGRES is not set: the URL of a PostgreSQL database, such as postgres://soar@127.0.0.1:5432/soar';

const url = POSTGRES_URL;
if (url !== undefined) {
  conformance(url);
  describe('openDatabase, PostgreSQL', () => refusals(url));
  describe('a PostgreSQL database', () => sharing(url));
} else if (process.env['REQUIRE_SERVICES'] === '1') {
  it('has a PostgreSQL to test with', () => {
    throw new Error(MISSING);
  });
} else {
  console.warn(`PostgreSQL tests are skipped. ${MISSING}`);
  it.skip('has a PostgreSQL to test with', () => undefined);
}

function conformance(url: string): void {
  describeFeedStore({
    name: 'KnexFeedStore on PostgreSQL',
    durable: true,
    async make() {
      const { config, drop } = await freshSchema(url);
      const another = () => new KnexFeedStore({ database: config });
      return { store: another(), another, dispose: drop };
    },
  });
}

function refusals(url: string): void {
  const at = (change: (address: URL) => void, schema?: string): PostgresConfig => {
    const address = new URL(url);
    address.password = 'top-secret';
    change(address);
    return { client: 'postgres', connection: address.href, ...(schema === undefined ? {} : { schema }) };
  };

  it.each<[string, string, PostgresConfig]>([
    ['a server that is not there', 'store-unreachable', at((address) => (address.port = '1'))],
    ['a user that is unknown', 'store-login', at((address) => (address.username = 'nobody_at_all'))],
    ['a database that is not there', 'store-missing', at((address) => (address.pathname = '/no_such_database'))],
  ])('tells %s, by host and never by password', async (_name, code, config) => {
    const refusal = openDatabase(config);
    await expect(refusal).rejects.toMatchObject({
      kind: 'store',
      code,
      message: expect.stringContaining(new URL(url).hostname),
    });
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('top-secret') });
  });

  it('tells a schema that is not there', async () => {
    const store = new KnexFeedStore({ database: { client: 'postgres', connection: url, schema: 'no_such_schema' } });
    await expect(store.open()).rejects.toMatchObject({
      code: 'store-missing',
      message: expect.stringContaining('no_such_schema'),
    });
  });
}

function sharing(url: string): void {
  let drop: () => Promise<void>;
  let one: Database;
  let two: Database;
  let config: PostgresConfig;

  beforeEach(async () => {
    ({ config, drop } = await freshSchema(url));
    one = await openDatabase(config);
    two = await openDatabase(config);
  });

  afterEach(async () => {
    await one.close();
    await two.close();
    await drop();
  });

  const numbers: MigrationStep = {
    name: 'numbers',
    up: (trx) => trx.schema.createTable('numbers', (table) => table.integer('n').primary()),
  };
  const put = (commits: GroupCommit, n: number) => commits.run((trx) => trx('numbers').insert({ n }));

  it('is migrated once by two that start together', async () => {
    await Promise.all([migrate(one, 'test', [numbers]), migrate(two, 'test', [numbers])]);
    expect(await one.knex('soar_feed_migrations').where({ component: 'test' })).toHaveLength(1);
  });

  it('goes to one of two hosts that start together', async () => {
    const stores = [new KnexFeedStore({ database: config }), new KnexFeedStore({ database: config })];
    const results = await Promise.allSettled(stores.map((store) => store.open()));
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: { code: 'store-held' } });
    for (const store of stores) await store.close();
  });

  it('lets nothing commit that was lost to another holder', async () => {
    await migrate(one, 'test', [numbers]);
    const lease = await Lease.take(one, 'feed');
    const commits = new GroupCommit(one, { before: (_trx, statements) => lease.fence(statements) });
    await put(commits, 1);
    await two.knex('soar_feed_lease').update({ heartbeat_at: 0, host: 'elsewhere' });
    const next = await Lease.take(two, 'feed');
    await expect(put(commits, 2)).rejects.toMatchObject({ code: 'store-lost' });
    expect(await two.knex('numbers').pluck('n')).toEqual([1]);
    await lease.release();
    await next.release();
  });

  it('takes its locks from a client that falls silent in the middle of a transaction, and serves it again', async () => {
    const lease = await Lease.take(one, 'feed');
    let goOn: () => void = () => undefined;
    const silent = new Promise<void>((resolve) => (goOn = resolve));
    const hung = one
      .transaction(async (_trx, statements) => {
        await lease.fence(statements);
        await silent;
      })
      .catch((error: unknown) => error);
    const settings = await two.transaction((trx) => trx.raw('SHOW idle_in_transaction_session_timeout'));
    expect(settings).toMatchObject({ rows: [{ idle_in_transaction_session_timeout: '20s' }] });
    expect(await two.knex.raw('SHOW idle_in_transaction_session_timeout')).toMatchObject({
      rows: [{ idle_in_transaction_session_timeout: '0' }],
    });
    // A statement gives up after 10 s.
    const touch = () => two.knex('soar_feed_lease').update({ host: null });
    const deadline = Date.now() + 60_000;
    let taken = false;
    while (!taken && Date.now() < deadline)
      taken = await touch().then(
        () => true,
        () => false,
      );
    expect(taken).toBe(true);
    const next = await Lease.take(two, 'feed');
    goOn();
    expect(await hung).toMatchObject({ kind: 'store', code: 'store-unreachable' });
    await expect(one.transaction((_trx, statements) => lease.fence(statements))).rejects.toMatchObject({
      code: 'store-lost',
    });
    await lease.release();
    await next.release();
  }, 120_000);

  it('fails all of a group when the server ends the connection, and goes on over a new one', async () => {
    await migrate(one, 'test', [numbers]);
    const commits = new GroupCommit(one);
    const results = await Promise.allSettled([
      put(commits, 1),
      commits.run((trx) => trx.raw('SELECT pg_terminate_backend(pg_backend_pid())')),
      put(commits, 2),
    ]);
    for (const result of results)
      expect(result).toMatchObject({ reason: { kind: 'store', code: 'store-unreachable' } });
    await put(commits, 3);
    expect(await two.knex('numbers').pluck('n')).toEqual([3]);
  });

  it('fails the faulty of a group alone, though the server ends the transaction at once', async () => {
    await migrate(one, 'test', [numbers]);
    const commits = new GroupCommit(one);
    await put(commits, 2);
    const results = await Promise.allSettled([1, 2, 3].map((n) => put(commits, n)));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'store-failed' } });
    expect(await two.knex('numbers').orderBy('n').pluck('n')).toEqual([1, 2, 3]);
  });
}
