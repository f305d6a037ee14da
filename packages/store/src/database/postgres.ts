import { StoreError } from '@soar-feed/core';
import knexOf from 'knex';
import type { Knex } from 'knex';
import type { Database, OpenDatabaseOptions, PostgresConfig } from './Database.js';
import { quietLog } from './quietLog.js';
import { storeErrorOf } from './storeErrorOf.js';

/** An optional peer: not known to the compiler, as most installations go without. */
const DRIVER: string = 'pg';

/** How long a new connection may take. */
const CONNECT_TIMEOUT_MS = 10_000;

export async function openPostgres(
  config: PostgresConfig,
  { readOnly = false }: OpenDatabaseOptions,
): Promise<Database> {
  await loadDriver();
  const name = nameOf(config);
  const connection =
    typeof config.connection === 'string' ? { connectionString: config.connection } : config.connection;
  const knex = knexOf({
    client: 'pg',
    connection: {
      ...connection,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'soar-feed',
      ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
    },
    ...(config.schema === undefined ? {} : { searchPath: [config.schema] }),
    compileSqlOnError: false,
    log: quietLog,
    pool: { min: 0, max: config.maxConnections ?? 4 },
  });
  try {
    await knex.raw('SELECT 1');
  } catch (error) {
    await knex.destroy();
    throw storeErrorOf(error, name);
  }
  return {
    knex,
    reader: knex,
    dialect: 'postgres',
    name,
    transaction: (work) => transact(knex, name, work),
    check: () => Promise.resolve(),
    close: () => knex.destroy(),
  };
}

/** Keeps the fault itself: that of the ROLLBACK after a lost connection would cover it. */
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
    throw new StoreError(
      'PostgreSQL needs the package `pg`, which is not installed: `npm install pg` beside soar-feed.',
      {
        code: 'store-driver-missing',
        cause: error,
      },
    );
  }
}

/** Host and database of the connection; nothing else of a URL is safe to show. */
function nameOf({ connection, schema }: PostgresConfig): string {
  const inSchema = schema === undefined ? '' : `, schema ${schema}`;
  if (typeof connection !== 'string') {
    const { host, port, database } = connection;
    return `PostgreSQL ${host}:${port ?? 5432}${database === undefined ? '' : `/${database}`}${inSchema}`;
  }
  if (!URL.canParse(connection)) return `PostgreSQL${inSchema}`;
  const { host, pathname } = new URL(connection);
  return `PostgreSQL ${host}${pathname}${inSchema}`;
}
