import type { FileSettings, ServerSettings } from '../database/ServerSettings.js';
import { engineOfDialect, engineOfDriver } from './odbcWords.js';
import type { Engine } from './odbcWords.js';
import type { OdbcText } from './parseOdbc.js';
import { readServer } from './readServer.js';
import type { Reading } from './readServer.js';
import { readUrl } from './readUrl.js';

/** The keys that say where to write. */
export interface DestinationKeys {
  readonly class?: string | undefined;
  readonly file_name?: string | undefined;
  readonly url?: string | undefined;
  readonly odbc_connect?: OdbcText | undefined;
  readonly sql_dialect?: string | undefined;
  readonly uid?: string | undefined;
  readonly pwd?: string | undefined;
  readonly schema?: string | undefined;
}

export interface DestinationReading {
  readonly place?: ServerSettings | FileSettings;
  readonly problems: readonly { readonly key: string; readonly problem: string }[];
}

const DIALECTS = 'PostgreSQL96Dialect, MariaDBDialect, MySQLDialect, SQLServerDialect or OracleDialect';
const EXAMPLE = 'an ODBC connection string, such as Driver={PostgreSQL};Server=127.0.0.1;DB=soar;Port=5432';

/** One model of the destination from IBM's keys and ours, and all that is wrong with them. */
export function readDestination(keys: DestinationKeys): DestinationReading {
  const { url, odbc_connect: odbc, sql_dialect: dialect, file_name: file = '' } = keys;
  const name = keys.class?.toLowerCase();
  if (url !== undefined && odbc !== undefined) return wrong('url', 'is given beside odbc_connect; keep one of the two');
  if (name === 'sqlitefeed' && (url ?? odbc) !== undefined) {
    const key = url === undefined ? 'odbc_connect' : 'url';
    return wrong(key, 'names a server, but class=SQLiteFeed writes to a file; write class=ODBCFeed, or file_name=…');
  }
  if (url !== undefined) return withLogin(URL.canParse(url) ? readUrl(url) : { problems: [] }, 'url', keys);
  if (odbc !== undefined) return ofOdbc(odbc, keys);
  if (name === 'odbcfeed') return wrong('odbc_connect', `is missing; accepted: ${EXAMPLE}`);
  if (dialect !== undefined && engineOfDialect(dialect) !== 'sqlite')
    return wrong('sql_dialect', 'is given, but no server: odbc_connect is missing');
  if (keys.schema !== undefined) return wrong('schema', 'is given, but SQLite has no schemas; use table_prefix');
  return { place: { engine: 'sqlite', file }, problems: [] };
}

function ofOdbc(odbc: OdbcText, keys: DestinationKeys): DestinationReading {
  const engine = engineOf(odbc, keys.sql_dialect);
  if (engine === 'sqlite')
    return wrong('sql_dialect', 'SqliteDialect is for a file; write class=SQLiteFeed and file_name=…');
  if (engine !== undefined) return withLogin(readServer(odbc, engine), 'odbc_connect', keys);
  const { sql_dialect: dialect } = keys;
  const found = dialect === undefined ? 'is missing' : `found ${JSON.stringify(dialect.slice(0, 80))}`;
  return wrong('sql_dialect', `${found}; accepted: ${DIALECTS}`);
}

/** IBM's plug-in does not start without a dialect; a driver's name says it, too. */
function engineOf({ words }: OdbcText, dialect: string | undefined): Engine | undefined {
  if (dialect !== undefined) return engineOfDialect(dialect);
  const driver = words?.find(({ name }) => name.toLowerCase() === 'driver')?.value;
  return driver === undefined ? undefined : engineOfDriver(driver);
}

function withLogin({ server, problems }: Reading, key: string, { uid, pwd }: DestinationKeys): DestinationReading {
  if (server === undefined) return { problems: problems.map((problem) => ({ key, problem })) };
  const login = { ...(uid === undefined ? {} : { user: uid }), ...(pwd === undefined ? {} : { password: pwd }) };
  return { place: { ...server, ...login }, problems: [] };
}

function wrong(key: string, problem: string): DestinationReading {
  return { problems: [{ key, problem }] };
}
