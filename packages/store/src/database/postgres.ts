import { StoreError, surroundings } from '@soar-feed/core';
import knexOf from 'knex';
import type { Knex } from 'knex';
import type { Database, OpenDatabaseOptions, PostgresConfig } from './Database.js';
import { UnusableDatabaseError } from './faults.js';
import { inSchema, wrapIdentifierIn } from './inSchema.js';
import { knexStatements } from './knexStatements.js';
import { addressOf } from './postgresAddress.js';
import type { PostgresAddress } from './postgresAddress.js';
import { endIdle, setDeadline, setReadOnly } from './postgresDeadline.js';
import type { PgConnection } from './postgresDeadline.js';
import { waysToConnect } from './postgresTls.js';
import type { Ssl } from './postgresTls.js';
import { quietLog } from './quietLog.js';
import { storeErrorOf } from './storeErrorOf.js';

/** An optional peer dependency: unknown to the compiler, because most installations do not have it. */
const DRIVER: string = 'pg';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** An idle connection is probed after this long, so that a dead peer is detected. ms. */
const KEEP_ALIVE_MS = 10_000;
/** How long a close waits for the server. ms. */
const CLOSE_MS = 1_000;

export async function openPostgres(config: PostgresConfig, options: OpenDatabaseOptions): Promise<Database> {
  await loadDriver();
  const address = addressOf(config);
  let refused: unknown;
  for (const ssl of waysToConnect(address.host, address.tls)) {
    const { knex, close } = connect(config, address, { ssl, ...options });
    try {
      // A transaction, because all later work needs one: this detects a pooler that allows none.
      await knex.transaction((trx) => trx.raw('SELECT 1'));
      return databaseOf(config, address.name, { knex, close, ...options });
    } catch (error) {
      await close();
      refused ??= error;
      if (!wantsOtherWay(error, ssl)) throw storeErrorOf(error, address.name);
    }
  }
  throw storeErrorOf(refused, address.name);
}

function databaseOf(
  { schema }: PostgresConfig,
  name: string,
  { knex: bare, close, readOnly = false }: OpenDatabaseOptions & { readonly knex: Knex; close(): Promise<void> },
): Database {
  const qualified = <K extends Knex>(knex: K): K => (schema === undefined ? knex : inSchema(knex));
  const knex = qualified(bare);
  return {
    knex,
    reader: knex,
    dialect: 'postgres',
    name,
    ...(schema === undefined ? {} : { schema }),
    transaction: async (work) => {
      if (!readOnly)
        return transact(bare, name, (bareTrx) => {
          const trx = qualified(bareTrx);
          return work(trx, knexStatements(trx));
        });
      throw new StoreError(`${name} was opened read-only.`, { code: 'store-read-only' });
    },
    read: async (query) => {
      try {
        return await query(knexStatements(knex));
      } catch (error) {
        throw storeErrorOf(error, name);
      }
    },
    check: () => Promise.resolve(),
    close,
  };
}

/** No state is left in a session: with a pooler, the next statement may get another session. */
function connect(
  config: PostgresConfig,
  { settings }: PostgresAddress,
  { ssl, readOnly = false }: OpenDatabaseOptions & { readonly ssl: Ssl },
): { readonly knex: Knex; close(): Promise<void> } {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = config;
  const open = new Set<PgConnection>();
  const knex = knexOf({
    client: 'pg',
    connection: {
      ...settings,
      ssl,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: 'soar-feed',
    },
    ...(config.schema === undefined ? {} : { wrapIdentifier: wrapIdentifierIn(config.schema) }),
    compileSqlOnError: false,
    log: quietLog,
    acquireConnectionTimeout: connectTimeoutMs + statementTimeoutMs,
    pool: {
      min: 0,
      max: config.maxConnections ?? 4,
      createTimeoutMillis: connectTimeoutMs + statementTimeoutMs,
      afterCreate: (connection: PgConnection & NodeJS.EventEmitter, done: (error: Error | null) => void) => {
        open.add(connection);
        connection.once('end', () => open.delete(connection));
        if (readOnly) setReadOnly(connection);
        setDeadline(connection, statementTimeoutMs);
        endIdle(connection);
        done(null);
      },
    },
  });
  return {
    knex,
    async close() {
      // A frozen server never closes its side.
      await Promise.race([knex.destroy(), late(CLOSE_MS)]);
      for (const connection of open) connection.connection.stream.destroy();
    },
  };
}

function late(ms: number): Promise<void> {
  return new Promise((resolve) => surroundings().startTimer(ms, resolve, { background: true }));
}

/** Whether TLS, or its absence, was refused: `prefer` and `allow` then try the other way. */
function wantsOtherWay(error: unknown, ssl: Ssl): boolean {
  if (!(error instanceof Error)) return false;
  return ssl === false
    ? /no encryption|SSL off/.test(error.message)
    : /does not support SSL|SSL on|SSL encryption/.test(error.message);
}

/** Keeps the original error: after a lost connection, the error of the ROLLBACK would hide it. */
async function transact<T>(knex: Knex, name: string, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  let fault: { readonly error: unknown } | undefined;
  try {
    return await knex.transaction(async (trx) => {
      try {
        return await work(trx);
      } catch (error) {
        fault = { error };
        throw error;
      }
    });
  } catch (error) {
    throw storeErrorOf(fault === undefined ? error : fault.error, name);
  }
}

async function loadDriver(): Promise<void> {
  try {
    await import(DRIVER);
  } catch (error) {
    throw new UnusableDatabaseError(
      'PostgreSQL needs the package `pg`, which is not installed: `npm install pg` beside soar-feed.',
      {
        code: 'store-driver-missing',
        cause: error,
      },
    );
  }
}
