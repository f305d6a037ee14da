import { types } from 'node:util';
import { FeedError, StoreError } from '@soar-feed/core';
import { MissingDatabaseError, StatementError, UnusableDatabaseError } from './faults.js';

/**
 * The meaning of an error of a database. Any other error is returned as it is. The message never contains the SQL, and
 * so no data.
 */
export function storeErrorOf(error: unknown, name: string): unknown {
  // Not instanceof: errors of a driver may be from another realm.
  if (FeedError.is(error) || !types.isNativeError(error)) return error;
  const code = codeOf(error);
  const fault = faultOf(error, code);
  if (fault === undefined) return error;
  const reason = reasonOf(error);
  const sentence = fault === 'store-failed' ? `${name} refused a statement: ${reason}` : FAULTS[fault](name);
  const Fault = ERRORS.get(fault) ?? StoreError;
  return new Fault(sentence, {
    code: fault,
    cause: new Error(reason),
    details: { database: name, reason: code ?? reason },
  });
}

/** Whether the whole database failed, not one statement: running the statements one by one would not help. */
export function isOutage(error: unknown): boolean {
  return FeedError.is(error) && (Object.hasOwn(FAULTS, error.code) || GUARDED.has(error.code));
}

/** What the lease and the file watch find. */
const GUARDED = new Set(['store-lost', 'store-moved', 'store-replaced', 'store-cut']);

const FAULTS = {
  'store-busy': (name: string) => `${name} is locked by another program: close that program.`,
  'store-full': (name: string) => `No space is left for ${name}: free some.`,
  'store-io': (name: string) => `The disk of ${name} cannot be read or written: check its file system.`,
  'store-unreadable': (name: string) =>
    `${name} cannot be opened: let the user that runs soar-feed read and write it and its folder.`,
  'store-read-only': (name: string) =>
    `${name} is read-only: let the user that runs soar-feed write it and its folder.`,
  'store-corrupt': (name: string) => `${name} is damaged: restore it from a backup, or move it away to start over.`,
  'store-not-sqlite': (name: string) => `${name} is not an SQLite database: name another file.`,
  'store-unreachable': (name: string) =>
    `${name} cannot be reached: check that the server is up and the address is right.`,
  'store-timeout': (name: string) =>
    `${name} does not answer: check whether the server is overloaded, or something holds a lock on a table.`,
  'store-login': (name: string) => `${name} refused the login: check the user and the password.`,
  'store-tls': (name: string) =>
    `${name} cannot be used with TLS as configured: check sslmode, sslrootcert and the server's certificate.`,
  'store-pooling': (name: string) =>
    `${name} is a pooler that allows no transactions (pool_mode=statement): set pool_mode=transaction or session, or connect to the server directly.`,
  'store-no-permission': (name: string) =>
    `${name} refuses a needed permission to this user: grant USAGE and CREATE on the schema.`,
  'store-missing': (name: string) => `${name} or its schema does not exist: create it first.`,
} satisfies Record<string, (name: string) => string>;

type Fault = keyof typeof FAULTS | 'store-failed';

/** Errors that do not go away by waiting. */
const ERRORS: ReadonlyMap<Fault, typeof UnusableDatabaseError> = new Map([
  ['store-failed', StatementError],
  ['store-missing', MissingDatabaseError],
  ['store-unreadable', UnusableDatabaseError],
  ['store-read-only', UnusableDatabaseError],
  ['store-corrupt', UnusableDatabaseError],
  ['store-not-sqlite', UnusableDatabaseError],
  ['store-no-permission', UnusableDatabaseError],
]);

const SQLITE: Readonly<Record<string, Fault>> = {
  SQLITE_BUSY: 'store-busy',
  SQLITE_LOCKED: 'store-busy',
  SQLITE_FULL: 'store-full',
  SQLITE_IOERR: 'store-io',
  SQLITE_NOMEM: 'store-io',
  SQLITE_PROTOCOL: 'store-busy',
  SQLITE_CANTOPEN: 'store-unreadable',
  SQLITE_PERM: 'store-unreadable',
  SQLITE_READONLY: 'store-read-only',
  SQLITE_CORRUPT: 'store-corrupt',
  SQLITE_NOTADB: 'store-not-sqlite',
};

/** SQLSTATE or its class (first two characters): PostgreSQL manual, appendix A. */
const POSTGRES: Readonly<Record<string, Fault>> = {
  '08': 'store-unreachable',
  '57': 'store-unreachable',
  '28': 'store-login',
  '58': 'store-io',
  XX: 'store-corrupt',
  '3D': 'store-missing',
  '3F': 'store-missing',
  '40': 'store-busy',
  '53': 'store-busy',
  '53100': 'store-full',
  '53200': 'store-full',
  '55P03': 'store-busy',
  '57014': 'store-timeout',
  '25006': 'store-read-only',
  '25P03': 'store-unreachable',
  '42501': 'store-no-permission',
};

const NETWORK = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** Errors that `pg` and knex's pool report only by their words. */
const GONE =
  /Connection terminated|Connection ended|timeout expired|not queryable|Unable to acquire a connection|Timeout acquiring a connection/;

/** Messages of TLS itself, and of a server that requires TLS or does not have it (SQLSTATE 28000, or none). */
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/;
const TLS_WORDS = /does not support SSL|no encryption|SSL off|SSL on|SSL encryption|SSL required|certificate/i;

const POOLER = /statement pooling mode/;

function faultOf(error: Error, code: string | undefined): Fault | undefined {
  if (code === 'STORE_TIMEOUT') return 'store-timeout';
  if (POOLER.test(error.message)) return 'store-pooling';
  if (code !== undefined && TLS_CODE.test(code)) return 'store-tls';
  if ((code === undefined || code === '28000' || code === '08P01') && TLS_WORDS.test(error.message)) return 'store-tls';
  if (GONE.test(error.message)) return 'store-unreachable';
  if (code === undefined) return undefined;
  if (NETWORK.test(code)) return 'store-unreachable';
  if (code.startsWith('SQLITE_')) return SQLITE[code] ?? 'store-failed';
  if (/^[0-9A-Z]{5}$/.test(code)) return POSTGRES[code] ?? POSTGRES[code.slice(0, 2)] ?? 'store-failed';
  return undefined;
}

function codeOf(error: Error): string | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** knex writes "statement - reason". */
function reasonOf(error: Error): string {
  const at = error.message.lastIndexOf(' - ');
  return at < 0 ? error.message : error.message.slice(at + 3);
}
