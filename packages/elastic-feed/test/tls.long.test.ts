import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { anIncident, recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { ElasticFeed } from '../src/index.js';
import { clock, section, source } from './double/bench.js';
import { SearchServer } from './double/SearchServer.js';

const signal = new AbortController().signal;

describe.each(['elasticsearch', 'opensearch'] as const)('TLS to %s', (flavour) => {
  let folder: TempFolder;
  let server: SearchServer;
  const read = (file: string) => readFileSync(folder.file(file), 'utf8');

  beforeAll(async () => {
    folder = await tempFolder();
    makeCertificates(folder.path);
    const chain = read('server.pem') + read('ca.pem');
    server = await SearchServer.start({ flavour, tls: { key: read('server.key'), cert: chain } });
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  const open = async (values: Readonly<Record<string, string>>, url = server.url): Promise<void> => {
    const feed = new ElasticFeed(section({ url, ...values }), { name: 's', source, log: recordingLogger(), clock });
    try {
      await feed.open({ signal });
      await feed.deliver(anIncident(), { signal, attempt: 1, log: recordingLogger() });
      expect(await feed.health({ signal })).toMatchObject({ state: 'up' });
    } finally {
      await feed.close();
    }
  };

  it('is verified by default, and says which keys to check', async () => {
    await expect(open({})).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'elastic-tls',
      message: expect.stringContaining('cafile'),
    });
  });

  it('trusts the authority of cafile, and no other name than the certificate’s', async () => {
    await open({ cafile: folder.file('ca.pem') });
    const other = server.url.replace('localhost', '127.0.0.1');
    await expect(open({ cafile: folder.file('ca.pem') }, other)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('trusts the authority with ca_fingerprint, and not another one', async () => {
    const { fingerprint256 } = new X509Certificate(read('ca.pem'));
    await open({ ca_fingerprint: fingerprint256 });
    await expect(open({ ca_fingerprint: 'ab'.repeat(32) })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'elastic-tls',
    });
  });

  it('cafile=false goes without', async () => {
    await open({ cafile: 'false' });
  });

  it('a cafile that cannot be read is an error of the file', async () => {
    await expect(open({ cafile: '/no/such.pem' })).rejects.toMatchObject({ kind: 'config' });
  });

  it('shows its client certificate', async () => {
    const tls = { key: read('server.key'), cert: read('server.pem'), ca: read('ca.pem') };
    const mutual = await SearchServer.start({ flavour, tls });
    try {
      const keys = { client_auth_cert: folder.file('server.pem'), client_auth_key: folder.file('server.key') };
      await open({ cafile: folder.file('ca.pem'), ...keys }, mutual.url);
      await expect(open({ cafile: folder.file('ca.pem') }, mutual.url)).rejects.toMatchObject({ kind: 'unavailable' });
    } finally {
      await mutual.stop();
    }
  });
});

/** An authority, and a certificate for `localhost` that it issued. */
function makeCertificates(cwd: string): void {
  const openssl = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const fresh = ['-nodes', '-days', '2', '-newkey', 'rsa:2048'];
  openssl('req', '-x509', ...fresh, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority');
  openssl(
    'req',
    '-new',
    ...fresh.slice(0, 1),
    ...fresh.slice(3),
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  );
  openssl(
    'x509',
    '-req',
    '-days',
    '2',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-copy_extensions',
    'copy',
    '-out',
    'server.pem',
  );
}
