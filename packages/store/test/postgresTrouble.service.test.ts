import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { Postgres, TempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore, openDatabase } from '@soar-feed/store';
import type { Database, PostgresConfig } from '@soar-feed/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTls, MISSING_POSTGRES, ownServer, withService } from './support/ownServer.js';

withService('a PostgreSQL in trouble', MISSING_POSTGRES, () => {
  let postgres: Postgres;
  const open: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    postgres = await ownServer();
  });
  afterAll(() => postgres.remove());
  afterEach(async () => {
    postgres.thaw();
    for (const one of open.splice(0)) await one.close();
  });

  const config = (more: Partial<PostgresConfig> = {}): PostgresConfig => ({
    client: 'postgres',
    connection: postgres.url,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 500,
    ...more,
  });
  async function opened(more: Partial<PostgresConfig> = {}): Promise<Database> {
    const database = await openDatabase(config(more));
    open.push(database);
    return database;
  }
  async function openStore(): Promise<KnexFeedStore> {
    const store = new KnexFeedStore({ database: config() });
    await store.open();
    open.push(store);
    return store;
  }
  /** How long it takes to fail, ms, and the error. */
  async function failing(work: () => Promise<unknown>): Promise<{ ms: number; error: unknown }> {
    const from = Date.now();
    const error: unknown = await work().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { ms: Date.now() - from, error };
  }
  const AWAY = { kind: 'store', code: expect.stringMatching(/^store-(timeout|unreachable)$/) };

  it('that is frozen fails every statement, a check, a connect and a close in time, and is used again once it goes on', async () => {
    const store = await openStore();
    await store.checkpoints.write('a', { incidentId: 1, startedAtMs: 1 });
    postgres.freeze();
    for (const work of [
      () => store.checkpoints.read('a'),
      () => store.checkpoints.write('a', { incidentId: 2, startedAtMs: 1 }),
      () => openDatabase(config()),
    ]) {
      const { ms, error } = await failing(work);
      expect(error).toMatchObject(AWAY);
      expect(ms).toBeLessThan(3_000);
    }
    postgres.thaw();
    await store.checkpoints.write('a', { incidentId: 3, startedAtMs: 1 });
    expect(await store.checkpoints.read('a')).toMatchObject({ incidentId: 3 });
    postgres.freeze();
    const { ms } = await failing(() => store.close());
    expect(ms).toBeLessThan(5_000);
  });

  it('whose table somebody has locked answers that, and keeps nothing of ours in line for the lock', async () => {
    const database = await opened();
    const locker = await opened({ statementTimeoutMs: 60_000 });
    await locker.knex.raw('CREATE TABLE numbers (n int)');
    await locker.transaction(async (trx) => {
      await trx.raw('LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE');
      for (const work of [
        () => database.transaction((inside) => inside('numbers').insert({ n: 1 })),
        () => database.transaction((inside) => inside('numbers').select()),
      ]) {
        const { ms, error } = await failing(work);
        expect(error).toMatchObject({ code: 'store-timeout', message: expect.stringContaining('lock') });
        expect(ms).toBeLessThan(3_000);
      }
      const waiting = async () => {
        const { rows } = await trx.raw<{ rows: readonly { count: string }[] }>(
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
        );
        return Number(rows[0]?.count);
      };
      while ((await waiting()) > 0) await sleep(20);
    });
    await locker.knex.raw('DROP TABLE numbers');
  });

  it('that is started again gives the lease back to the process that had it, at once', async () => {
    const store = await openStore();
    postgres.stop();
    await store.close();
    postgres.start();
    const from = Date.now();
    await store.open();
    expect(Date.now() - from).toBeLessThan(3_000);
    await store.checkpoints.write('a', { incidentId: 1, startedAtMs: 1 });
  });

  it('that is started again under an open store is used by it again', async () => {
    const store = await openStore();
    postgres.stop();
    await expect(store.checkpoints.write('a', { incidentId: 1, startedAtMs: 1 })).rejects.toMatchObject(AWAY);
    postgres.start();
    // Each connection of the pool finds out by itself.
    const write = () => failing(() => store.checkpoints.write('a', { incidentId: 2, startedAtMs: 1 }));
    for (let { error } = await write(); error !== undefined; { error } = await write())
      expect(error).toMatchObject(AWAY);
    await store.check();
    expect(await store.checkpoints.read('a')).toMatchObject({ incidentId: 2 });
  });

  it('whose password was changed says so', async () => {
    const database = await opened();
    await database.knex.raw("ALTER USER soar PASSWORD 'new'");
    writeFileSync(join(postgres.data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    await database.knex.raw('SELECT pg_reload_conf()');
    try {
      const url = new URL(postgres.url);
      url.password = 'old-one';
      // The server reads its file some time later.
      let refusal = await failing(() => openDatabase(config({ connection: url.href })));
      while (refusal.error === undefined) refusal = await failing(() => openDatabase(config({ connection: url.href })));
      expect(refusal.error).toMatchObject({
        code: 'store-login',
        message: expect.stringContaining('check the user and the password'),
      });
      expect(String(refusal.error)).not.toContain('old-one');
    } finally {
      writeFileSync(join(postgres.data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
      await database.knex.raw('SELECT pg_reload_conf()');
      await sleep(300);
    }
  });

  describe('and TLS', () => {
    let folder: TempFolder;
    let ca: string;
    beforeAll(async () => {
      folder = await tempFolder();
      ca = makeTls(postgres, folder.path);
    });
    afterAll(() => folder.remove());

    /** How a connection ends up: encrypted, in plain text, or refused with a code. */
    async function outcome(host: string, words: Readonly<Record<string, string>>): Promise<string> {
      const url = new URL(postgres.url);
      url.hostname = host;
      for (const [word, value] of Object.entries(words)) url.searchParams.set(word, value);
      try {
        const database = await openDatabase(config({ connection: url.href }));
        const { rows } = await database.knex.raw<{ rows: readonly { ssl: boolean }[] }>(
          'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
        );
        await database.close();
        return rows[0]?.ssl === true ? 'encrypted' : 'plain';
      } catch (error) {
        return (error as { code: string }).code;
      }
    }

    const modes = ['', 'disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
    const all = async (host: string, more: Readonly<Record<string, string>> = {}) => {
      const found: Record<string, string> = {};
      for (const sslmode of modes)
        found[sslmode] = await outcome(host, { ...(sslmode === '' ? {} : { sslmode }), ...more });
      return found;
    };

    it('does as libpq with a server that has none', async () => {
      expect(await all('127.0.0.1')).toEqual({
        '': 'plain',
        disable: 'plain',
        allow: 'plain',
        prefer: 'plain',
        require: 'store-tls',
        'verify-ca': 'store-tls',
        'verify-full': 'store-tls',
      });
    });

    it('does as libpq with a server that has it', async () => {
      postgres.stop();
      postgres.start();
      const unverified = {
        '': 'encrypted',
        disable: 'plain',
        allow: 'plain',
        prefer: 'encrypted',
        require: 'encrypted',
      };
      expect(await all('127.0.0.1')).toEqual({ ...unverified, 'verify-ca': 'store-tls', 'verify-full': 'store-tls' });
      const rooted = { sslrootcert: ca };
      // A certificate for localhost.
      expect(await all('127.0.0.1', rooted)).toMatchObject({
        require: 'encrypted',
        'verify-ca': 'encrypted',
        'verify-full': 'store-tls',
      });
      expect(await all('localhost', rooted)).toMatchObject({ 'verify-ca': 'encrypted', 'verify-full': 'encrypted' });
      writeFileSync(folder.file('none.pem'), '');
      expect(await outcome('127.0.0.1', { sslmode: 'require', sslrootcert: folder.file('no-such.pem') })).toBe(
        'store-tls',
      );
      writeFileSync(join(postgres.data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 trust\n');
      postgres.stop();
      postgres.start();
      expect(await outcome('127.0.0.1', { sslmode: 'disable' })).toBe('store-tls');
      expect(await outcome('127.0.0.1', { sslmode: 'allow' })).toBe('encrypted');
    });
  });
});
