import { types } from 'node:util';
import { ConfigError, FeedError, PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import { storeErrorOf } from '@soar-feed/store';

/** What an error of a database is about. */
export type Fault =
  'gone' | 'login' | 'tls' | 'permission' | 'full' | 'busy' | 'changed' | 'size' | 'value' | 'statement' | 'unusable';

const CODES: Readonly<Record<string, Fault>> = {
  // PostgreSQL: SQLSTATE or its class; manual, appendix A.
  '08': 'gone',
  '57': 'gone',
  '58': 'gone',
  XX: 'gone',
  '28': 'login',
  '3D': 'login',
  '3F': 'changed',
  '53': 'full',
  '40': 'busy',
  '55P03': 'busy',
  '57014': 'busy',
  '42501': 'permission',
  '25006': 'permission',
  '42P01': 'changed',
  '42703': 'changed',
  '42P07': 'changed',
  '42701': 'changed',
  '22': 'value',
  '23': 'value',
  '54': 'size',
  '54000': 'size',
  '42804': 'value',
  // MariaDB and MySQL, by name.
  PROTOCOL_CONNECTION_LOST: 'gone',
  PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR: 'gone',
  ER_SERVER_SHUTDOWN: 'gone',
  ER_CON_COUNT_ERROR: 'gone',
  ER_CONNECTION_KILLED: 'gone',
  ER_ACCESS_DENIED_ERROR: 'login',
  ER_DBACCESS_DENIED_ERROR: 'login',
  ER_BAD_DB_ERROR: 'login',
  ER_NOT_SUPPORTED_AUTH_MODE: 'login',
  ER_MUST_CHANGE_PASSWORD_LOGIN: 'login',
  HANDSHAKE_NO_SSL_SUPPORT: 'tls',
  HANDSHAKE_SSL_ERROR: 'tls',
  ER_SECURE_TRANSPORT_REQUIRED: 'tls',
  ER_TABLEACCESS_DENIED_ERROR: 'permission',
  ER_COLUMNACCESS_DENIED_ERROR: 'permission',
  ER_OPTION_PREVENTS_STATEMENT: 'permission',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'permission',
  ER_RECORD_FILE_FULL: 'full',
  ER_DISK_FULL: 'full',
  ER_LOCK_DEADLOCK: 'busy',
  ER_LOCK_WAIT_TIMEOUT: 'busy',
  ER_QUERY_INTERRUPTED: 'busy',
  ER_STATEMENT_TIMEOUT: 'busy',
  ER_CHECKREAD: 'busy',
  ER_NO_SUCH_TABLE: 'changed',
  ER_BAD_FIELD_ERROR: 'changed',
  ER_TABLE_EXISTS_ERROR: 'changed',
  ER_DUP_FIELDNAME: 'changed',
  ER_DUP_KEYNAME: 'changed',
  ER_TABLE_DEF_CHANGED: 'changed',
  ER_NET_PACKET_TOO_LARGE: 'size',
  ER_TOO_BIG_ROWSIZE: 'size',
  ER_DATA_TOO_LONG: 'size',
  ER_WARN_DATA_OUT_OF_RANGE: 'value',
  ER_TRUNCATED_WRONG_VALUE: 'value',
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: 'value',
  ER_BAD_NULL_ERROR: 'value',
  ER_DUP_ENTRY: 'value',
  ER_NO_REFERENCED_ROW_2: 'value',
  ER_CONSTRAINT_FAILED: 'value',
  WARN_DATA_TRUNCATED: 'value',
  ER_NO_DEFAULT_FOR_FIELD: 'value',
  // SQL Server (tedious) and Oracle, from their manuals; no server was met.
  ESOCKET: 'gone',
  ETIMEOUT: 'gone',
  ECONNCLOSED: 'gone',
  ENOTOPEN: 'gone',
  ELOGIN: 'login',
  'mssql-1205': 'busy',
  'mssql-1222': 'busy',
  'mssql-208': 'changed',
  'mssql-207': 'changed',
  'mssql-229': 'permission',
  'mssql-262': 'permission',
  'mssql-511': 'size',
  'mssql-2628': 'size',
  'mssql-8152': 'size',
  'mssql-515': 'value',
  'mssql-547': 'value',
  'mssql-2627': 'value',
  'mssql-8115': 'value',
  'mssql-1105': 'full',
  'mssql-9002': 'full',
  'ORA-00060': 'busy',
  'ORA-00054': 'busy',
  'ORA-00942': 'changed',
  'ORA-00904': 'changed',
  'ORA-01017': 'login',
  'ORA-28000': 'login',
  'ORA-01031': 'permission',
  'ORA-12899': 'size',
  'ORA-01438': 'value',
  'ORA-00001': 'value',
  'ORA-01653': 'full',
  'ORA-03113': 'gone',
  'ORA-03114': 'gone',
  'ORA-12541': 'gone',
  'ORA-12514': 'gone',
  'ORA-12170': 'gone',
  'NJS-500': 'gone',
  'NJS-503': 'gone',
  'NJS-501': 'gone',
  'NJS-510': 'gone',
};

const NETWORK = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/;
const GONE_WORDS =
  /Connection lost|closed state|Unable to acquire a connection|Timeout acquiring a connection|Connection terminated|Transaction query already complete/;

/** What the store says of SQLite and PostgreSQL as a whole. */
const STORE: Readonly<Record<string, Fault>> = {
  'store-login': 'login',
  'store-missing': 'login',
  'store-tls': 'tls',
  'store-no-permission': 'permission',
  'store-read-only': 'permission',
  'store-full': 'full',
  'store-not-sqlite': 'unusable',
  'store-driver-missing': 'unusable',
  'store-corrupt': 'unusable',
  'store-folder-missing': 'gone',
};

export interface FaultPlace {
  /** The database, for people. */
  readonly name: string;
  /** The table that was written. */
  readonly table?: string;
  readonly section?: string;
}

/**
 * The contract's error for one of a driver. The text of a driver's error may quote a row's values, so only what kind of
 * fault it is, the code, and names of tables and columns are passed on.
 */
export function toFeedError(error: unknown, place: FaultPlace): unknown {
  if (FeedError.is(error) && error.kind !== 'store') return error;
  if (!types.isNativeError(error)) return error;
  const { fault, code } = diagnose(error, place);
  return fault === undefined ? error : errorOf(fault, code, columnIn(error), place);
}

export function faultOf(error: unknown): Fault | undefined {
  return types.isNativeError(error) ? diagnose(error, { name: '' }).fault : undefined;
}

function diagnose(error: Error, { name }: FaultPlace): { readonly fault: Fault | undefined; readonly code: string } {
  const code = codeOf(error);
  const known = faultOfCode(code);
  if (known !== undefined) return { fault: known, code };
  if (TLS.test(code)) return { fault: 'tls', code };
  if (NETWORK.test(code) || GONE_WORDS.test(error.message)) return { fault: 'gone', code };
  if (/no such (table|column)|has no column named|already exists|duplicate column/.test(error.message))
    return { fault: 'changed', code };
  if (/ORA-\d{5}|NJS-\d{3}/.test(error.message)) {
    const word = /ORA-\d{5}|NJS-\d{3}/.exec(error.message)?.[0] ?? code;
    return { fault: CODES[word] ?? 'statement', code: word };
  }
  const { sqlState } = error as Error & { readonly sqlState?: unknown };
  if (typeof sqlState === 'string') return { fault: faultOfCode(sqlState) ?? 'statement', code };
  const stored = storeErrorOf(error, name);
  if (!FeedError.is(stored)) return { fault: undefined, code };
  const reason = String(stored.details['reason'] ?? stored.code);
  if (stored.code !== 'store-failed')
    return { fault: STORE[stored.code] ?? faultOfCode(reason) ?? 'gone', code: code === 'Error' ? stored.code : code };
  return { fault: /too big|too large/.test(error.message) ? 'size' : 'statement', code };
}

function faultOfCode(code: string): Fault | undefined {
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'gone';
  if (/^SQLITE_(CONSTRAINT|MISMATCH|RANGE)/.test(code)) return 'value';
  if (code === 'SQLITE_TOOBIG') return 'size';
  return CODES[code] ?? (/^[0-9A-Z]{5}$/.test(code) ? CODES[code.slice(0, 2)] : undefined);
}

function codeOf(error: Error): string {
  const { code, number, errno } = error as Error & Readonly<Partial<Record<'code' | 'number' | 'errno', unknown>>>;
  if (FeedError.is(error) && error.kind === 'store') {
    const reason = error.details['reason'];
    return typeof reason === 'string' && /^[\w-]+$/.test(reason) ? reason : error.code;
  }
  if (typeof number === 'number' && CODES[`mssql-${number}`] !== undefined) return `mssql-${number}`;
  if (typeof code === 'string') return code;
  return typeof errno === 'number' ? String(errno) : error.name;
}

/** The column that the driver names, whatever else it says. */
function columnIn(error: Error): string | undefined {
  const { column } = error as Error & { readonly column?: unknown };
  if (typeof column === 'string') return column;
  return /column ["'`[]?(?:[^"'`\]\s]*\.)?["'`]?(\w+)/i.exec(error.message.split(' - ').at(-1) ?? '')?.[1];
}

function errorOf(
  fault: Fault,
  code: string,
  column: string | undefined,
  { name, table, section }: FaultPlace,
): FeedError {
  const where = table === undefined ? name : `table ${table} of ${name}`;
  const at = column === undefined ? where : `column ${column} of ${where}`;
  const details = {
    database: name,
    reason: code,
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
  };
  switch (fault) {
    case 'gone':
      return new UnavailableError(
        `${name} cannot be reached or used now (${code}): check that the server is up and the address is right.`,
        { code: 'sql-unreachable', details },
      );
    case 'login':
      return new UnavailableError(
        `${name} refused the login, or has no such database (${code}): check uid, pwd and the database's name.`,
        { code: 'sql-login', details },
      );
    case 'tls':
      return new UnavailableError(
        `${name} cannot be used with TLS as configured (${code}): check sslmode, the root certificate and the server's certificate.`,
        { code: 'sql-tls', details },
      );
    case 'permission':
      return new UnavailableError(
        `${name} does not permit this user what is needed (${code}): grant SELECT, INSERT, UPDATE, DELETE, and CREATE and ALTER of tables.`,
        { code: 'sql-no-permission', details },
      );
    case 'full':
      return new UnavailableError(`${name} has no space or no connections left (${code}): free some.`, {
        code: 'sql-full',
        details,
      });
    case 'busy':
      return new RetryableError(`${where} was locked by something else (${code}).`, { code: 'sql-busy', details });
    case 'changed':
      return new RetryableError(`${at} is not as it was (${code}): it is read again.`, {
        code: 'sql-table-changed',
        details,
      });
    case 'size':
      return new PermanentError(`${at} cannot take a row as large as this (${code}).`, {
        code: 'sql-row-too-large',
        details,
      });
    case 'value':
      return new PermanentError(`${at} refused a value (${code}).`, { code: 'sql-value-refused', details });
    case 'statement':
      return new PermanentError(`${at} refused a statement (${code}).`, { code: 'sql-refused', details });
    case 'unusable':
      return new ConfigError([{ section: section ?? name, problem: unusable(name, code) }]);
  }
}

function unusable(name: string, code: string): string {
  if (code === 'store-driver-missing') return `${name} needs a driver that is not installed`;
  return `${name} cannot be used (${code}): name another file, or restore this one from a backup`;
}
