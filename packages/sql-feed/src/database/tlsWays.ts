import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { UnavailableError } from '@soar-feed/core';
import type { ServerSettings } from './ServerSettings.js';

/** One way to connect. */
export interface TlsWay {
  readonly ssl: false | ConnectionOptions;
  /** If the server has no TLS, the next way is tried. */
  readonly orElsePlain?: true;
}

/**
 * libpq's modes for drivers that have none of their own. `require` encrypts and checks no certificate, unless a root
 * certificate is named; `prefer` (MariaDB/MySQL without a word, as PostgreSQL) encrypts if the server can. SQL Server
 * without a word is checked.
 */
export function tlsWays({ engine, host, tls }: Pick<ServerSettings, 'engine' | 'host' | 'tls'>): readonly TlsWay[] {
  const mode = tls.sslMode ?? (engine === 'mssql' ? 'verify-full' : 'prefer');
  if (mode === 'disable' || engine === 'oracle' || host.startsWith('/')) return [{ ssl: false }];
  const files = {
    ...(tls.sslRootCert === undefined || tls.sslRootCert === 'system' ? {} : { ca: fileOf(tls.sslRootCert) }),
    ...(tls.sslCert === undefined ? {} : { cert: fileOf(tls.sslCert) }),
    ...(tls.sslKey === undefined ? {} : { key: fileOf(tls.sslKey) }),
  };
  const checked = mode.startsWith('verify') || tls.sslRootCert !== undefined;
  const encrypted: ConnectionOptions = {
    ...files,
    rejectUnauthorized: checked,
    ...(checked && mode !== 'verify-full' ? { checkServerIdentity: () => undefined } : {}),
  };
  if (mode !== 'prefer' && mode !== 'allow') return [{ ssl: withIdentity(encrypted, mode === 'verify-full') }];
  return [{ ssl: encrypted, orElsePlain: true }, { ssl: false }];
}

/** mysql2 compares the host's name only if it is asked to. */
function withIdentity(options: ConnectionOptions, full: boolean): ConnectionOptions {
  return full ? ({ ...options, verifyIdentity: true } as ConnectionOptions) : options;
}

function fileOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UnavailableError(`The certificate or key ${path} of the connection cannot be read (${code}).`, {
      code: 'sql-tls',
      details: { file: path },
    });
  }
}
