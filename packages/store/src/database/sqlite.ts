import { setTimeout as sleep } from 'node:timers/promises';
import knexOf from 'knex';
import type { Knex } from 'knex';
import type { Database, OpenDatabaseOptions, SqliteConfig } from './Database.js';
import { inspectSqliteFile } from './inspectSqliteFile.js';
import { SqliteFileWatch } from './SqliteFileWatch.js';
import { loadSqliteDriver } from './sqliteDriver.js';
import { SqliteGuard } from './SqliteGuard.js';
import { quietLog } from './quietLog.js';
import { storeErrorOf } from './storeErrorOf.js';

/** How long a statement waits for the lock of another program. ms. */
const BUSY_TIMEOUT_MS = 5_000;
/** Between two checks whether a lock is gone, ms. */
const LOCKED_PAUSE_MS = 50;

export async function openSqlite(config: SqliteConfig, { readOnly = false }: OpenDatabaseOptions): Promise<Database> {
  const driver = await loadSqliteDriver();
  await inspectSqliteFile(config, driver, { readOnly });
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
    const check = async () => guard?.check();
    return {
      knex,
      reader,
      dialect: 'sqlite',
      name,
      async transaction(work) {
        const result = await immediately(knex, name, work);
        await check();
        return result;
      },
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

/** One connection, so that statements keep their order. */
function connect(filename: string, pragmas: readonly string[]): Knex {
  const settings = [`busy_timeout = ${BUSY_TIMEOUT_MS}`, ...pragmas].map((pragma) => `PRAGMA ${pragma};`).join(' ');
  return knexOf({
    client: 'sqlite3',
    // Not created here: inspectSqliteFile creates it, readable only by its owner.
    connection: { filename, flags: ['OPEN_READWRITE'] },
    useNullAsDefault: true,
    compileSqlOnError: false,
    log: quietLog,
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

interface SqliteConnection {
  exec(sql: string, done: (error: (Error & { readonly code?: string }) | null) => void): void;
}

/** A change of the journal mode is refused at once while another program holds a lock, whatever the busy timeout. */
async function prepare(connection: SqliteConnection, settings: string): Promise<void> {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    const error = await new Promise<(Error & { readonly code?: string }) | null>((done) =>
      connection.exec(settings, done),
    );
    if (error === null) return;
    if (error.code !== 'SQLITE_BUSY' || Date.now() > deadline) throw error;
    await sleep(LOCKED_PAUSE_MS);
  }
}

/**
 * knex can only send BEGIN, which takes the write lock at the first write: a transaction that read before is then
 * refused at once, whatever the busy timeout is. knex also hides an error behind that of the following ROLLBACK,
 * because SQLite has already rolled back by itself if the disk is full.
 */
async function immediately<T>(knex: Knex, name: string, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  let fault: { readonly error: unknown } | undefined;
  try {
    return await knex.transaction(async (trx) => {
      try {
        await trx.raw('COMMIT');
        await trx.raw('BEGIN IMMEDIATE');
        return await work(trx);
      } catch (error) {
        fault = { error };
        throw error;
      }
    });
  } catch (error) {
    // A failed COMMIT may leave the transaction open; knex assumes that it ended.
    await knex.raw('ROLLBACK').catch(() => undefined);
    throw storeErrorOf(fault === undefined ? error : fault.error, name);
  }
}
