import type { PostgresConfig, PostgresTls, SslMode } from './Database.js';
import { SSL_MODES } from './postgresTls.js';

/** Where a server is, taken apart. */
export interface PostgresAddress {
  readonly host: string;
  /** What `pg` takes, without `ssl`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tls: PostgresTls;
  /** Host and database, as messages name them; nothing else of a URL is safe to show. */
  readonly name: string;
}

/** Words of a URL that are read here; `pg` would understand some of them otherwise than libpq. */
const TLS_WORDS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

/** Throws an `Error` for an `sslmode` that there is not. */
export function addressOf({ connection, schema }: Pick<PostgresConfig, 'connection' | 'schema'>): PostgresAddress {
  const inWords = schema === undefined ? '' : `, schema ${schema}`;
  if (typeof connection !== 'string') {
    const { tls = {}, ...settings } = connection;
    const { host, port, database } = settings;
    const name = `PostgreSQL ${host}:${port ?? 5432}${database === undefined ? '' : `/${database}`}${inWords}`;
    return { host, settings, tls, name };
  }
  if (!URL.canParse(connection)) {
    return { host: '', settings: { connectionString: connection }, tls: {}, name: `PostgreSQL${inWords}` };
  }
  const url = new URL(connection);
  const name = `PostgreSQL ${url.host}${url.pathname}${inWords}`;
  const [sslMode, sslRootCert, sslCert, sslKey] = TLS_WORDS.map((word) => take(url, word));
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
  const tls = {
    ...(sslMode === undefined ? {} : { sslMode: toSslMode(sslMode) }),
    ...(sslRootCert === undefined ? {} : { sslRootCert }),
    ...(sslCert === undefined ? {} : { sslCert }),
    ...(sslKey === undefined ? {} : { sslKey }),
  };
  return { host, settings: { connectionString: url.href }, tls, name };
}

/** Throws an `Error` that says what is accepted. */
export function toSslMode(text: string): SslMode {
  const mode = SSL_MODES.find((known) => known === text.toLowerCase());
  if (mode === undefined) throw new Error(`has sslmode=${text}; accepted: ${SSL_MODES.join(', ')}`);
  return mode;
}

function take(url: URL, word: string): string | undefined {
  const value = url.searchParams.get(word) ?? undefined;
  url.searchParams.delete(word);
  return value === '' ? undefined : value;
}
