import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, copyFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { hasPostgres, startPostgres } from '@soar-feed/feed-testkit';
import type { Postgres } from '@soar-feed/feed-testkit';
import { describe, it } from '@jest/globals';

/** A port that nothing uses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * Tests that need a service of their own: without it they are skipped with a line that says so, or fail where it is
 * required.
 */
export function withService(name: string, missing: string | undefined, tests: () => void): void {
  if (missing === undefined) return void describe(name, tests);
  if (process.env['REQUIRE_SERVICES'] === '1') {
    it(name, () => {
      throw new Error(missing);
    });
    return;
  }
  console.warn(`${name}: skipped. ${missing}`);
  it.skip(name, () => undefined);
}

export const MISSING_POSTGRES = hasPostgres() ? undefined : 'PostgreSQL is not installed: apt-get install postgresql';

export async function ownServer(): Promise<Postgres> {
  return startPostgres({ port: await freePort() });
}

/** Makes the server speak TLS with a certificate for `localhost`; returns the file of the authority that issued it. */
export function makeTls({ data }: Postgres, folder: string): string {
  const openssl = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const forDays = ['-nodes', '-days', '2', '-newkey', 'rsa:2048'];
  openssl('req', '-x509', ...forDays, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority');
  openssl(
    'req',
    ...forDays.filter((word) => word !== '-days' && word !== '2'),
    '-keyout',
    's.key',
    '-out',
    's.csr',
    '-subj',
    '/CN=localhost',
  );
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost');
  openssl(
    'x509',
    '-req',
    '-in',
    's.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-out',
    's.pem',
    '-extfile',
    'names',
  );
  const { uid, gid } = statSync(data);
  for (const [from, to] of [
    ['s.key', 'server.key'],
    ['s.pem', 'server.crt'],
  ] as const) {
    copyFileSync(join(folder, from), join(data, to));
    chownSync(join(data, to), uid, gid);
    chmodSync(join(data, to), 0o600);
  }
  appendFileSync(join(data, 'postgresql.conf'), '\nssl = on\n');
  return join(folder, 'ca.pem');
}
