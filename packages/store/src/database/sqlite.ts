import knexOf from 'knex';
import type { Knex } from 'knex';
import { surroundings } from '@soar-feed/core';
import type { Database, OpenDatabaseOptions, SqliteConfig } from './Database.js';
import { inspectSqliteFile } from './inspectSqliteFile.js';
import { SqliteFileWatch } from './SqliteFileWatch.js';
import { loadSqliteDriver } from './sqliteDriver.js';
import { SqliteGuard } from './SqliteGuard.js';
import { SqliteStatements } from './SqliteStatements.js';
import type { SqliteConnection } from './SqliteStatements.js';
import { statementOn } from './Statement.js';
import type { Statements } from './Statement.js';
import { quietLog } from './quietLog.js';
import { storeErrorOf } from './storeErrorOf.js';

/** How long a statement waits for the lock of another program. ms. */
const BUSY_TIMEOUT_MS = 5_000;
/** Between two checks whether a lock is gone, ms. */
const LOCKED_PAUSE_MS = 50;

export async function openSqlite(config: SqliteConfig, { readOnly = false }: OpenDatabaseOptions): Promise<Database> {
  const driver = await loadSqliteDriver();
  const isUnchecked = await inspectSqliteFile(config, driver, { readOnly });
  const { file } = config;
  const name = `SQLite file ${file}`;
  const forWriting = ['journal_mode = WAL', `synchronous = ${config.synchronous ?? 'FULL'}`, 'foreign_keys = ON'];
  const knex = connect(file, readOnly ? ['query_only = ON'] : forWriting);
  const reader = connect(file, ['query_only = ON']);
  try {
    // Reads the file, so that its -wal and -shm exist.
    for (const connection of [knex, reader]) await connection.raw('SELECT count(*) FROM sqlite_master');
    const guard = readOnly
      ? undefined
      : new SqliteGuard({ file, name, knex, reader, driver }, await SqliteFileWatch.begin(file));
    if (isUnchecked) guard?.checkWhole();
    const check = async () => guard?.check();
    return {
      knex,
      reader,
      dialect: 'sqlite',
      name,
      async transaction(work) {
        const result = await onConnection(knex, name, (connection) => immediately(connection, work));
        await check();
        return result;
      },
      read: (query) => onConnection(reader, name, (connection) => query(SqliteStatements.of(connection))),
      check,
      async close() {
        await reader.destroy();
        await knex.destroy();
        await guard?.leave();
      },
    };
  } catch (error) {
    await reader.destroy();
    await knex.destroy();
    throw storeErrorOf(error, name);
  }
}

const DIALECT = { client: 'sqlite3', useNullAsDefault: true, compileSqlOnError: false, log: quietLog } as const;

/** One connection, so that statements keep their order. */
function connect(filename: string, pragmas: readonly string[]): Knex {
  const settings = [`busy_timeout = ${BUSY_TIMEOUT_MS}`, ...pragmas].map((pragma) => `PRAGMA ${pragma};`).join(' ');
  return knexOf({
    ...DIALECT,
    // Not created here: inspectSqliteFile creates it, readable only by its owner.
    connection: { filename, flags: ['OPEN_READWRITE'] },
    pool: {
      min: 1,
      max: 1,
      afterCreate: (
        connection: SqliteConnection,
        done: (error: Error | null, connection: SqliteConnection) => void,
      ) => {
        prepare(connection, settings).then(
          () => done(null, connection),
          (error: Error) => done(error, connection),
        );
      },
    },
  });
}

/** A change of the journal mode is refused at once while another program holds a lock, whatever the busy timeout. */
async function prepare(connection: SqliteConnection, settings: string): Promise<void> {
  const deadline = surroundings().steadyMs() + BUSY_TIMEOUT_MS;
  for (;;) {
    const error = await new Promise<(Error & { readonly code?: string }) | null>((done) =>
      connection.exec(settings, done),
    );
    if (error === null) return;
    if (error.code !== 'SQLITE_BUSY' || surroundings().steadyMs() > deadline) throw error;
    await new Promise<void>((resolve) => surroundings().startTimer(LOCKED_PAUSE_MS, resolve));
  }
}

const BEGIN = statementOn('', 'BEGIN IMMEDIATE');
const COMMIT = statementOn('', 'COMMIT');
const ROLLBACK = statementOn('', 'ROLLBACK');

/**
 * knex's own transactions send BEGIN, which takes the write lock at the first write: one that read before is then refused at
 * once, whatever the busy timeout is.
 */
async function immediately<T>(
  connection: SqliteConnection,
  work: (trx: Knex, statements: Statements) => Promise<T>,
): Promise<T> {
  const statements = SqliteStatements.of(connection);
  await statements.run(BEGIN);
  try {
    const result = await work(within(connection), statements);
    await statements.run(COMMIT);
    return result;
  } catch (error) {
    // If the disk is full, SQLite has rolled back by itself.
    await statements.run(ROLLBACK).catch(() => undefined);
    throw error;
  }
}

const builders = new WeakMap<SqliteConnection, Knex>();

/** knex on this connection, whoever holds it: its statements belong to the transaction that is under way. */
function within(connection: SqliteConnection): Knex {
  const known = builders.get(connection);
  if (known !== undefined) return known;
  const only = {
    acquire: () => ({ promise: Promise.resolve(connection) }),
    release: () => true,
    destroy: () => Promise.resolve(),
    // knex takes a pool that can count for one of its own kind.
    numFree: () => 1,
    numUsed: () => 0,
    numPendingAcquires: () => 0,
  };
  const knex = knexOf({ ...DIALECT, connectionPool: only });
  builders.set(connection, knex);
  return knex;
}

/** The methods of knex's client by which a connection is lent. */
interface Lender {
  acquireConnection(): Promise<SqliteConnection>;
  releaseConnection(connection: SqliteConnection): Promise<void>;
}

async function onConnection<T>(
  knex: Knex,
  name: string,
  work: (connection: SqliteConnection) => Promise<T>,
): Promise<T> {
  const lender = knex.client as Lender;
  try {
    const connection = await lender.acquireConnection();
    try {
      return await work(connection);
    } finally {
      await lender.releaseConnection(connection);
    }
  } catch (error) {
    throw storeErrorOf(error, name);
  }
}
