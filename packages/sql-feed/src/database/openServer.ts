import { ConfigError, surroundings, UnavailableError } from '@soar-feed/core';
import knexOf from 'knex';
import type { Knex } from 'knex';
import { dialects } from '../dialects/index.js';
import { faultOf, toFeedError } from './faults.js';
import { nameOf } from './nameOf.js';
import type { ServerSettings, Timeouts } from './ServerSettings.js';
import type { SqlDatabase } from './SqlDatabase.js';
import { tlsWays } from './tlsWays.js';
import type { TlsWay } from './tlsWays.js';

export type Server = ServerSettings & { readonly engine: 'mysql' | 'mssql' | 'oracle'; readonly timeouts: Timeouts };

const CLOSE_MS = 1_000;
/** Room for what surrounds the values in a statement. */
const PACKET_MARGIN = 0.9;

/** MariaDB/MySQL, SQL Server and Oracle through knex and their drivers. */
export async function openServer(server: Server, section?: string): Promise<SqlDatabase> {
  const name = nameOf(server);
  const place = { name, ...(section === undefined ? {} : { section }) };
  await loadDriver(server.engine, place);
  let refused: unknown;
  for (const way of tlsWays(server)) {
    const connection = connect(server, way);
    try {
      const statementBytes = await connection.within(probe(server, connection.knex));
      return { ...databaseOf(server, connection, name), ...(statementBytes === undefined ? {} : { statementBytes }) };
    } catch (error) {
      await connection.close();
      refused ??= error;
      if (way.orElsePlain !== true || faultOf(error) !== 'tls') throw toFeedError(error, place);
    }
  }
  throw toFeedError(refused, place);
}

async function probe({ engine }: Server, knex: Knex): Promise<number | undefined> {
  if (engine !== 'mysql') {
    await knex.raw(engine === 'oracle' ? 'SELECT 1 FROM dual' : 'SELECT 1');
    return undefined;
  }
  const [rows = []] = await knex.raw<[readonly { readonly bytes: number }[]]>('SELECT @@max_allowed_packet AS bytes');
  return Math.floor(Number(rows[0]?.bytes ?? 16 * 1024 * 1024) * PACKET_MARGIN);
}

interface Connection {
  readonly knex: Knex;
  /** Rejects, and ends all statements, when the server does not answer in time. */
  within<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

function databaseOf(server: Server, { knex, within, close }: Connection, name: string): SqlDatabase {
  let closed: Promise<void> | undefined;
  return {
    dialect: dialects[server.engine],
    knex,
    name,
    async transaction(work) {
      let fault: { readonly error: unknown } | undefined;
      const done = knex.transaction(async (trx) => {
        try {
          return await work(trx);
        } catch (error) {
          // After a lost connection the error of the ROLLBACK would hide it.
          fault ??= { error };
          throw error;
        }
      });
      try {
        return await within(done);
      } catch (error) {
        throw toFeedError(fault === undefined ? error : (fault as { readonly error: unknown }).error, { name });
      }
    },
    close: () => (closed ??= close()),
  };
}

function connect(server: Server, way: TlsWay): Connection {
  const { timeouts } = server;
  const open = new Set<{ destroy?(): void; close?(): unknown }>();
  const knex = knexOf({
    ...clientOf(server, way),
    compileSqlOnError: false,
    log: { warn() {}, error() {}, deprecate() {}, debug() {} },
    acquireConnectionTimeout: timeouts.connectMs + timeouts.statementMs,
    pool: {
      min: 0,
      max: 2,
      createTimeoutMillis: timeouts.connectMs,
      afterCreate: (raw: RawConnection, done: (error: Error | null, raw: RawConnection) => void) => {
        open.add(raw);
        if (server.engine !== 'mysql') return done(null, raw);
        // Explicit: escaping depends on the mode, nothing may be cut silently, and times are UTC.
        raw.query(
          "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'",
          (error) => done(error, raw),
        );
      },
    },
  });
  const cut = (): void => {
    for (const raw of open) raw.destroy?.();
    open.clear();
  };
  return {
    knex,
    async within(work) {
      let cancel = (): void => undefined;
      const late = new Promise<never>((_, reject) => {
        cancel = inBackground(timeouts.statementMs * 4, () => {
          cut();
          reject(new UnavailableError('no answer', { code: 'sql-unreachable' }));
        });
      });
      late.catch(() => undefined);
      try {
        return await Promise.race([work, late]);
      } finally {
        cancel();
      }
    },
    async close() {
      await Promise.race([knex.destroy(), new Promise<void>((resolve) => inBackground(CLOSE_MS, resolve))]);
      cut();
    },
  };
}

interface RawConnection {
  query(sql: string, done: (error: Error | null) => void): void;
  destroy?(): void;
}

function clientOf(server: Server, { ssl }: TlsWay): Knex.Config {
  const { engine, host, port, database, user, password, connectString, timeouts } = server;
  const login = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
  const place = { ...(port === undefined ? {} : { port }), ...(database === undefined ? {} : { database }) };
  if (engine === 'mysql') {
    const connection = {
      host,
      ...place,
      ...login,
      charset: 'utf8mb4',
      dateStrings: true,
      supportBigNumbers: true,
      connectTimeout: timeouts.connectMs,
      ...(ssl === false ? {} : { ssl }),
    };
    return { client: 'mysql2', connection: connection as Knex.MySql2ConnectionConfig };
  }
  if (engine === 'oracle') {
    return {
      client: 'oracledb',
      connection: {
        ...login,
        connectString: connectString ?? `${host}${port === undefined ? '' : `:${port}`}/${database ?? ''}`,
      },
    };
  }
  const options = {
    encrypt: ssl !== false,
    trustServerCertificate: ssl !== false && ssl.rejectUnauthorized === false,
    connectTimeout: timeouts.connectMs,
    requestTimeout: timeouts.statementMs,
    ...(ssl === false || ssl.ca === undefined ? {} : { cryptoCredentialsDetails: { ca: ssl.ca } }),
  };
  return { client: 'mssql', connection: { server: host, ...place, ...login, options } as Knex.MsSqlConnectionConfig };
}

const DRIVERS = { mysql: 'mysql2', mssql: 'tedious', oracle: 'oracledb' } as const;

/** Optional peer dependencies: most installations need none of them. */
async function loadDriver(
  engine: Server['engine'],
  { name, section }: { readonly name: string; readonly section?: string },
): Promise<void> {
  const driver: string = DRIVERS[engine];
  try {
    await import(driver);
  } catch {
    throw new ConfigError([
      {
        section: section ?? name,
        problem: `${name} needs the package ${driver}, which is not installed: npm install ${driver} beside soar-feed`,
      },
    ]);
  }
}

function inBackground(ms: number, then: () => void): () => void {
  return surroundings().startTimer(ms, then, { background: true });
}
