import type { PostgresConnection } from '@soar-feed/store';

const NAMES: Readonly<Record<string, 'host' | 'port' | 'database' | 'user' | 'password' | 'ssl'>> = {
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
  sslmode: 'ssl',
};

/** `name=value` between `;`, a value in braces where it holds one itself (`}}` stands for `}`). */
const PAIR = /\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|$)/gy;

/**
 * IBM's `postgresql_connect`: an ODBC connection string (psqlODBC's keywords), such as
 * `Driver={PostgreSQL};Server=127.0.0.1;DB=feed;Port=5432`. Keywords that only the ODBC driver needs are passed over.
 * Throws an `Error` that says what is missing or wrong.
 */
export function parseOdbc(text: string): PostgresConnection {
  const found: Partial<Record<(typeof NAMES)[string], string>> = {};
  let end = 0;
  for (const pair of text.trim().matchAll(PAIR)) {
    const [whole, name = '', braced, plain] = pair;
    end = pair.index + whole.length;
    const known = NAMES[name.toLowerCase()];
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
    ...sslOf(found.ssl),
  };
}

/** As libpq understands it; `prefer` and `allow` take what the server offers, which only ends in plain text here. */
function sslOf(mode: string | undefined): Pick<PostgresConnection, 'ssl'> {
  switch (mode?.toLowerCase()) {
    case undefined:
    case '':
    case 'disable':
    case 'allow':
    case 'prefer':
      return {};
    case 'require':
      return { ssl: { rejectUnauthorized: false } };
    case 'verify-ca':
    case 'verify-full':
      return { ssl: true };
    default:
      throw new Error(`has SSLmode=${mode ?? ''}; accepted: disable, require, verify-ca, verify-full`);
  }
}
