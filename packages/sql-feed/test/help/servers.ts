import knexOf from 'knex';
import type { Knex } from 'knex';
import { hasMariaDb, hasPostgres, startMariaDb, startPostgres } from '@soar-feed/feed-testkit';
import type { SqlPlace } from './sqlCase.js';

/** A server for the suites of one engine. */
export interface TestServer {
  readonly knex: Knex;
  readonly url: string;
  stop?(): void;
  start?(): void;
  freeze?(): void;
  thaw?(): void;
  remove(): Promise<void>;
}

/** knex writes connection errors, which the suites cause on purpose, to the console. */
const quiet = { warn() {}, error() {}, deprecate() {}, debug() {} };

let schemas = 0;

/** Tables of its own for one test, told apart by a prefix. */
export function placeOn(server: TestServer, more: Readonly<Record<string, string>> = {}): SqlPlace {
  const prefix = `t${process.pid}_${(schemas += 1)}_`;
  const { knex } = server;
  return {
    texts: { url: server.url, table_prefix: prefix, connect_timeout: '3', statement_timeout: '5', ...more },
    knex,
    dispose: () => dropTables(knex, prefix),
    async outage() {
      server.stop?.();
      return async () => server.start?.();
    },
    async silence() {
      server.freeze?.();
      return { reached: new Promise((done) => setTimeout(done, 500)), end: async () => server.thaw?.() };
    },
  };
}

async function dropTables(knex: Knex, prefix: string): Promise<void> {
  if (clientOf(knex) === 'oracledb') {
    const made = (await knex('user_tables').select('table_name')) as readonly { readonly table_name: string }[];
    for (const { table_name } of made.filter((one) => one.table_name.startsWith(prefix.toUpperCase())))
      await knex.schema.dropTable(table_name);
    return;
  }
  const tables = (await knex('information_schema.tables')
    .where('table_name', 'like', `${prefix.replaceAll('_', '\\_')}%`)
    .orderBy('table_type', 'desc')
    .select('table_name as name', 'table_type as type')) as readonly { readonly name: string; readonly type: string }[];
  const client = clientOf(knex);
  // Views first: they hold the tables.
  await knex.transaction(async (trx) => {
    if (client === 'mysql2') await trx.raw('SET foreign_key_checks = 0');
    for (const { name, type } of tables)
      await trx.raw(`DROP ${type === 'VIEW' ? 'VIEW' : 'TABLE'} ??${client === 'pg' ? ' CASCADE' : ''}`, [name]);
    if (client === 'mysql2') await trx.raw('SET foreign_key_checks = 1');
  });
}

/** PostgreSQL: the suite's own, so that it can be stopped. */
export function ownPostgres(port: number): TestServer | undefined {
  if (!hasPostgres()) return missing('PostgreSQL');
  const server = startPostgres({ port });
  const knex = knexOf({
    client: 'pg',
    connection: server.url,
    pool: { min: 0, max: 2, idleTimeoutMillis: 50 },
    log: quiet,
  });
  return {
    ...server,
    knex,
    async remove() {
      await knex.destroy();
      server.remove();
    },
  };
}

export function ownMariaDb(port: number): TestServer | undefined {
  if (!hasMariaDb()) return missing('MariaDB');
  const server = startMariaDb({ port });
  const knex = mariaKnex(server.url);
  return {
    ...server,
    knex,
    async remove() {
      await knex.destroy();
      server.remove();
    },
  };
}

export function mariaKnex(url: string): Knex {
  const connection = { uri: url, dateStrings: true, supportBigNumbers: true } as unknown as Knex.MySql2ConnectionConfig;
  return knexOf({ client: 'mysql2', connection, pool: { min: 0, max: 2, idleTimeoutMillis: 50 }, log: quiet });
}

/** CI must not skip; elsewhere the suite says so by its name. */
function missing(what: string): undefined {
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(`${what} is not installed.`);
  return undefined;
}

/** A port of the suites' own; SOAR_FEED_TEST_PORTS moves them all. */
export function testPort(number: number): number {
  return Number(process.env['SOAR_FEED_TEST_PORTS'] ?? 25_500) + number;
}

export function clientOf(knex: Knex): string {
  return String((knex.client as { readonly config: { readonly client: string } }).config.client);
}

/** A server that somebody runs, named by the variable; the suite cannot stop it. */
export function givenServer(variable: string): TestServer | undefined {
  const url = process.env[variable];
  if (url === undefined || url === '') return undefined;
  const knex = knexOf({ ...givenClient(new URL(url)), pool: { min: 0, max: 2, idleTimeoutMillis: 50 }, log: quiet });
  return { url, knex, remove: () => knex.destroy() };
}

function givenClient(url: URL): Knex.Config {
  const { hostname, port, pathname } = url;
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const database = pathname.slice(1);
  switch (url.protocol) {
    case 'mysql:':
    case 'mariadb:': {
      const uri = url.href.replace(/^mariadb:/, 'mysql:').replace(/\?.*/, '');
      const connection = { uri, dateStrings: true, supportBigNumbers: true } as unknown;
      return { client: 'mysql2', connection: connection as Knex.MySql2ConnectionConfig };
    }
    case 'mssql:':
    case 'sqlserver:': {
      const options = { port: Number(port || 1433), trustServerCertificate: true };
      return {
        client: 'mssql',
        connection: { server: hostname, user, password, database, options } as Knex.MsSqlConnectionConfig,
      };
    }
    case 'oracle:':
      return {
        client: 'oracledb',
        connection: { user, password, connectString: `${hostname}:${port || '1521'}/${database}` },
        // As the suites write them: Oracle's own spelling is in capitals.
        wrapIdentifier: (name, wrap) => wrap(name.toUpperCase()),
        postProcessResponse: (rows: unknown) => (Array.isArray(rows) ? rows.map(inLowerCase) : rows),
      };
    default:
      return { client: 'pg', connection: url.href };
  }
}

function inLowerCase(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
}
