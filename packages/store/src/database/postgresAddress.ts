import type { PostgresConfig, PostgresTls, SslMode } from './Database.js';
import { SSL_MODES } from './postgresTls.js';

/** The address of a server, parsed. */
export interface PostgresAddress {
  readonly host: string;
  /** What `pg` takes, without `ssl`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tls: PostgresTls;
  /** Host and database, for messages; nothing else of a URL is safe to show. */
  readonly name: string;
}

/** Parameters of a URL that are read here; `pg` would interpret some of them differently than libpq. */
const TLS_WORDS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

/** Throws an `Error` for an unknown `sslmode`. */
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

/** Throws an `Error` that lists the accepted values. */
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
