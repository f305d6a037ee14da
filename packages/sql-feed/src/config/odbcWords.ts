import type { Dialect } from '../dialects/Dialect.js';

export type Engine = Dialect['name'];
/** The engines whose connection strings are read word by word. */
export type WordedEngine = Exclude<Engine, 'sqlite' | 'oracle'>;

/** What a keyword is to us; `none`: only an ODBC driver needs it. */
export type Part =
  | 'driver'
  | 'host'
  | 'port'
  | 'database'
  | 'user'
  | 'password'
  | 'sslMode'
  | 'sslRootCert'
  | 'sslCert'
  | 'sslKey'
  | 'sslVerify'
  | 'encrypt'
  | 'trust'
  | 'none';

export type Meaning = Part | { readonly refused: string };

const COMMON: Readonly<Record<string, Meaning>> = {
  ...partsOf('driver', 'driver'),
  ...partsOf('host', 'server', 'servername', 'host', 'hostname', 'address', 'addr', 'data source'),
  ...partsOf('port', 'port'),
  ...partsOf('database', 'db', 'database', 'initial catalog'),
  ...partsOf('user', 'uid', 'user', 'username', 'user id'),
  ...partsOf('password', 'pwd', 'password'),
  ...partsOf('none', 'connecttimeout', 'timeout', 'charset', 'clientcharset', 'autocommit', 'app', 'description'),
  dsn: {
    refused: 'names a data source of this machine, which is not read; write its server: Server=…;Port=…;DB=…',
  },
  filedsn: { refused: 'names a file of this machine, which is not read; write the server: Server=…;Port=…;DB=…' },
};

const BY_ENGINE: Readonly<Record<WordedEngine, Readonly<Record<string, Meaning>>>> = {
  postgres: {
    ...partsOf('sslMode', 'sslmode'),
    ...partsOf('sslRootCert', 'sslrootcert'),
    ...partsOf('sslCert', 'sslcert'),
    ...partsOf('sslKey', 'sslkey'),
    ...partsOf('none', 'byteaaslongvarbinary', 'maxvarcharsize', 'unknownsizes', 'boolsaschar', 'usedeclarefetch'),
    ...partsOf('none', 'fetch', 'protocol'),
    readonly: { refused: 'must not be there: the feed writes' },
  },
  mysql: {
    ...partsOf('sslMode', 'sslmode', 'ssl-mode'),
    ...partsOf('sslRootCert', 'sslca', 'ssl-ca'),
    ...partsOf('sslCert', 'sslcert', 'ssl-cert'),
    ...partsOf('sslKey', 'sslkey', 'ssl-key'),
    ...partsOf('sslVerify', 'sslverify'),
    ...partsOf('encrypt', 'forcetls'),
    ...partsOf('none', 'option', 'options'),
    socket: { refused: 'is not supported; write Server=127.0.0.1;Port=3306' },
  },
  mssql: {
    ...partsOf('encrypt', 'encrypt', 'encryption'),
    ...partsOf('trust', 'trustservercertificate'),
    ...partsOf('none', 'tds_version', 'tds version', 'multisubnetfailover', 'mars_connection', 'quotedid'),
    trusted_connection: { refused: 'is not supported; write the login into uid and pwd' },
    authentication: { refused: 'is not supported; write the login of SQL Server into uid and pwd' },
    hostnameincertificate: { refused: 'is not supported; write the name that is in the certificate as Server' },
  },
};

/** `undefined`: not known. */
export function meaningOf(engine: WordedEngine, word: string): Meaning | undefined {
  const name = word.toLowerCase();
  return BY_ENGINE[engine][name] ?? COMMON[name];
}

export function knownWords(engine: WordedEngine): readonly string[] {
  return [...Object.keys(BY_ENGINE[engine]), ...Object.keys(COMMON)];
}

/** IBM's words for `sql_dialect`, without case; plain names as well. */
const DIALECTS: ReadonlyMap<string, Engine> = new Map([
  ['postgresql96dialect', 'postgres'],
  ['postgresql', 'postgres'],
  ['postgres', 'postgres'],
  ['mariadbdialect', 'mysql'],
  ['mysqldialect', 'mysql'],
  ['mariadb', 'mysql'],
  ['mysql', 'mysql'],
  ['sqlserverdialect', 'mssql'],
  ['sqlserver', 'mssql'],
  ['mssql', 'mssql'],
  ['oracledialect', 'oracle'],
  ['oracle', 'oracle'],
  ['sqlitedialect', 'sqlite'],
  ['sqlite', 'sqlite'],
]);

export function engineOfDialect(word: string): Engine | undefined {
  return DIALECTS.get(word.toLowerCase());
}

/** The names that drivers have in IBM's texts and on real machines, misprints included. */
const DRIVERS: readonly (readonly [RegExp, Engine])[] = [
  [/postgres|postres|psqlodbc/i, 'postgres'],
  [/maria|mysql|myodbc/i, 'mysql'],
  [/sql ?server|freetds|freetns|msodbcsql|tdsodbc/i, 'mssql'],
  [/oracle/i, 'oracle'],
  [/sqlite/i, 'sqlite'],
];

export function engineOfDriver(driver: string): Engine | undefined {
  return DRIVERS.find(([pattern]) => pattern.test(driver))?.[1];
}

function partsOf(part: Part, ...names: readonly string[]): Readonly<Record<string, Part>> {
  return Object.fromEntries(names.map((name) => [name, part]));
}
