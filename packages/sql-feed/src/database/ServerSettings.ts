import type { SslMode } from '@soar-feed/store';
import type { Dialect } from '../dialects/Dialect.js';

/** How a server's certificate is checked, in libpq's words for all engines. */
export interface ServerTls {
  readonly sslMode?: SslMode;
  /** PEM files. */
  readonly sslRootCert?: string;
  readonly sslCert?: string;
  readonly sslKey?: string;
}

export interface ServerSettings {
  readonly engine: Exclude<Dialect['name'], 'sqlite'>;
  readonly host: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  readonly tls: ServerTls;
  /** Oracle: service name, TNS alias or descriptor, in place of host, port and database. */
  readonly connectString?: string;
}

export interface FileSettings {
  readonly engine: 'sqlite';
  readonly file: string;
}

export interface Timeouts {
  readonly connectMs: number;
  readonly statementMs: number;
}

export type Destination = (ServerSettings | FileSettings) & { readonly timeouts: Timeouts };
