import { FeedError } from '@soar-feed/core';
import { openDatabase } from '@soar-feed/store';
import type { Database, DatabaseConfig } from '@soar-feed/store';
import { dialects } from '../dialects/index.js';
import { toFeedError } from './faults.js';
import { nameOf } from './nameOf.js';
import { openServer } from './openServer.js';
import type { Destination } from './ServerSettings.js';
import type { SqlDatabase } from './SqlDatabase.js';

/** Throws `ConfigError` for what waiting does not mend, else `UnavailableError`. */
export function openSqlDatabase(destination: Destination, section?: string): Promise<SqlDatabase> {
  return destination.engine === 'sqlite' || destination.engine === 'postgres'
    ? openByStore(destination, section)
    : openServer({ ...destination, engine: destination.engine }, section);
}

/** The store knows these two: files that are moved or damaged, libpq's ways to TLS, servers that freeze. */
async function openByStore(destination: Destination, section: string | undefined): Promise<SqlDatabase> {
  const config = storeConfigOf(destination);
  let database: Database;
  try {
    database = await openDatabase(config);
  } catch (error) {
    throw toFeedError(error, {
      name: FeedError.is(error) ? nameOf(destination) : 'The database',
      ...(section === undefined ? {} : { section }),
    });
  }
  const { name } = database;
  let closed: Promise<void> | undefined;
  return {
    dialect: dialects[destination.engine],
    knex: database.knex,
    name,
    async transaction(work) {
      try {
        return await database.transaction((trx) => work(trx));
      } catch (error) {
        throw toFeedError(error, { name });
      }
    },
    close: () => (closed ??= database.close()),
  };
}

function storeConfigOf(destination: Destination): DatabaseConfig {
  if (destination.engine === 'sqlite') return { client: 'sqlite', file: destination.file };
  const { host, port, database, user, password, tls, timeouts } = destination;
  return {
    client: 'postgres',
    connection: {
      host,
      tls,
      ...(port === undefined ? {} : { port }),
      ...(database === undefined ? {} : { database }),
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    },
    connectTimeoutMs: timeouts.connectMs,
    statementTimeoutMs: timeouts.statementMs,
    maxConnections: 2,
  };
}
