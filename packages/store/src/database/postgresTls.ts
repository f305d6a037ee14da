import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { StoreError } from '@soar-feed/core';
import type { PostgresTls, SslMode } from './Database.js';

/** libpq's own default. */
const DEFAULT_MODE: SslMode = 'prefer';

export const SSL_MODES: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** What `pg` takes as `ssl`. */
export type Ssl = false | ConnectionOptions;

/**
 * The ways to connect, in the order in which libpq tries them. `require` encrypts and verifies no certificate, unless a
 * root certificate is given; `verify-ca` and `verify-full` trust the system's authorities if no root certificate is
 * given. Throws `StoreError` `store-tls` for a file that cannot be read. Source: PostgreSQL manual, libpq, "SSL
 * Support".
 */
export function waysToConnect(host: string, tls: PostgresTls = {}): readonly Ssl[] {
  const mode = tls.sslMode ?? DEFAULT_MODE;
  // No TLS over a Unix socket.
  if (mode === 'disable' || host.startsWith('/')) return [false];
  const ca = rootCertificate(mode, tls);
  const own = {
    ...(tls.sslCert === undefined ? {} : { cert: fileOf(tls.sslCert) }),
    ...(tls.sslKey === undefined ? {} : { key: fileOf(tls.sslKey) }),
  };
  const verified: Ssl = {
    ...own,
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: true,
    // The requested host, even if it is an IP address.
    checkServerIdentity: (_host, certificate) =>
      mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
  };
  const encrypted: Ssl =
    ca === undefined && !mode.startsWith('verify') ? { ...own, rejectUnauthorized: false } : verified;
  if (mode === 'allow') return [false, encrypted];
  return mode === 'prefer' ? [encrypted, false] : [encrypted];
}

function rootCertificate(mode: SslMode, { sslRootCert }: PostgresTls): string | undefined {
  if (sslRootCert === 'system') return undefined;
  if (sslRootCert !== undefined) return fileOf(sslRootCert);
  // libpq's default file counts if it exists.
  if (mode === 'allow' || mode === 'prefer') return undefined;
  try {
    return readFileSync(join(homedir(), '.postgresql', 'root.crt'), 'utf8');
  } catch {
    return undefined;
  }
}

function fileOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StoreError(`The certificate or key ${path} of the PostgreSQL connection cannot be read (${code}).`, {
      code: 'store-tls',
      cause: error,
      details: { file: path },
    });
  }
}
