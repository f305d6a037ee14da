import { toSslMode } from '@soar-feed/store';
import type { PostgresConnection } from '@soar-feed/store';

type Word = 'host' | 'port' | 'database' | 'user' | 'password' | 'sslMode' | 'sslRootCert';
type Found = Readonly<Partial<Record<Word, string>>>;

/** By keyword, in lower case. */
const NAMES = new Map<string, Word>(
  Object.entries({
    server: 'host',
    servername: 'host',
    host: 'host',
    port: 'port',
    db: 'database',
    database: 'database',
    uid: 'user',
    user: 'user',
    username: 'user',
    pwd: 'password',
    password: 'password',
    sslmode: 'sslMode',
    // psqlODBC takes it from the environment; this is libpq's own keyword.
    sslrootcert: 'sslRootCert',
  }),
);

/** `name=value` pairs between `;`. A value that holds a `;` is in braces, where `}}` stands for `}`. */
const PAIR = /\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|$)/gy;

/**
 * IBM's `postgresql_connect`: an ODBC connection string with psqlODBC's keywords, such as
 * `Driver={PostgreSQL};Server=127.0.0.1;DB=feed;Port=5432`. Keywords that only the ODBC driver needs are ignored.
 * Throws an `Error` that says what is missing or wrong.
 */
export function parseOdbc(text: string): PostgresConnection {
  const found: Partial<Record<Word, string>> = {};
  let end = 0;
  for (const pair of text.trim().matchAll(PAIR)) {
    const [whole, name = '', braced, plain] = pair;
    end = pair.index + whole.length;
    const known = NAMES.get(name.toLowerCase());
    if (known !== undefined) found[known] = braced?.replaceAll('}}', '}') ?? plain?.trim() ?? '';
  }
  if (end < text.trim().length) throw new Error('is no ODBC connection string: name=value pairs between ;');
  const { host = '', port, database = '', user, password } = found;
  if (password !== undefined) throw new Error('holds a password; write it into postgresql_pwd');
  if (host === '') throw new Error('names no Server');
  if (database === '') throw new Error('names no DB');
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new Error(`has Port=${port}, which is no number`);
  return {
    host,
    database,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(user === undefined ? {} : { user }),
    ...tlsOf(found),
  };
}

/** As libpq reads it: psqlODBC hands it on. */
function tlsOf({ sslMode = '', sslRootCert = '' }: Found): Pick<PostgresConnection, 'tls'> {
  const tls = {
    ...(sslMode === '' ? {} : { sslMode: toSslMode(sslMode) }),
    ...(sslRootCert === '' ? {} : { sslRootCert }),
  };
  return Object.keys(tls).length === 0 ? {} : { tls };
}
