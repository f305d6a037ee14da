import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SoarApiError, SoarClient, SoarQueue } from '../../src/index.js';
import { isExempt } from '../../src/connect/isExempt.js';
import { proxyFor } from '../../src/connect/proxyFor.js';
import { trustOf } from '../../src/connect/trust.js';
import { makeTestCertificate } from '../support/certificate.js';
import type { TestCertificate } from '../support/certificate.js';
import { failureFrom } from '../support/failureFrom.js';
import { ORG } from '../support/ScriptedServer.js';

describe('NO_PROXY', () => {
  it.each<[string, string, boolean]>([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.3:443', true],
    ['10.1.2.3', '10.1.2.3:8443', false],
    ['10.1.2.3', '10.0.0.0/99', false],
    ['soar.example', '10.0.0.0/8', false],
    ['::1', '::1', true],
    ['[::1]', '::1', true],
    ['::1', '[::1]', true],
    ['::1', '[::1]:443', true],
    ['::1', '[::1]:8443', false],
    ['0:0:0:0:0:0:0:1', '::1', true],
    ['fd12::7', 'fd00::/8', true],
    ['fe80::7', 'fd00::/8', false],
    ['fd12::7', '10.0.0.0/8,[fd00::]/8', true],
    ['a.corp.example', '*.corp.example', true],
    ['a.corp.example', '.corp.example', true],
    ['corp.example', 'CORP.example:443', true],
    ['notcorp.example', 'corp.example', false],
    ['notcorp.example', '*corp.example', true],
    ['x', '', false],
    ['x', ' , *', true],
  ])('%s by "%s": %p', (host, list, exempt) => {
    expect(isExempt(host, 443, list)).toBe(exempt);
  });
});

describe('a proxy’s address', () => {
  const to = { host: 'soar.example' };

  it.each([
    ['http://user:pa%ss@proxy:3128', 'HTTPS_PROXY in the environment has a % in its user or password'],
    ['http://%zz@proxy', 'HTTPS_PROXY in the environment has a %'],
    ['socks5://proxy:1080', 'HTTPS_PROXY in the environment begins with socks5://'],
    ['http://', 'HTTPS_PROXY in the environment is no host name and no URL'],
  ])('%s is refused by name, without the secret', (url, words) => {
    const error = caught(() => proxyFor(to, { HTTPS_PROXY: url }));
    expect(error).toMatchObject({ code: 'invalid-proxy', message: expect.stringContaining(words) });
    expect(error.message).not.toContain('pa%ss');
    expect(caught(() => proxyFor(to, { https_proxy: url })).message).toContain('https_proxy');
    expect(caught(() => proxyFor({ ...to, proxy: { host: url, port: 1 } }, {})).message).toContain('`proxy`');
  });

  it('takes coded characters, and raw ones where they have a key of their own', () => {
    expect(proxyFor(to, { HTTPS_PROXY: 'http://u:a%25b@p:1' })?.password).toBe('a%25b');
    expect(proxyFor({ ...to, proxy: { host: 'p', port: 1, user: 'u', password: 'a%b' } }, {})?.password).toBe('a%25b');
  });
});

describe('IPv6', () => {
  it.each(['::1', '[::1]'])('%s reaches the server, and is named with its port where nobody listens', async (host) => {
    const certificate = await makeTestCertificate();
    const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url?.startsWith('/rest/session') ? { orgs: [ORG], api_key_handle: 7 } : {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    const { port } = server.address() as AddressInfo;
    const login = { host, port, apiKeyId: 'a', apiKeySecret: 'b', retries: { max: 0, delayMs: 1, backoff: 1 } };
    const client = await SoarClient.connect({ ...login, cafile: false });
    expect(client.org.id).toBe(ORG.id);
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const refused = await failureFrom(SoarClient.connect(login));
    expect(refused).toMatchObject({ code: 'connection-refused', details: { port } });
    expect(refused.message).toContain(`at [::1]:${port}: connection refused`);
    const broker = await failureFrom(SoarQueue.probe({ ...login, stomp: { port } }));
    expect(broker.message).toBe(`STOMP [::1]:${port}: connection refused`);
    await certificate.remove();
  });
});

describe('cafile', () => {
  let folder: string;
  let certificate: TestCertificate;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'soar-client-test-'));
    certificate = await makeTestCertificate();
  });
  afterEach(async () => {
    await certificate.remove();
    await rm(folder, { recursive: true });
  });

  it('may be a folder of PEM files, also named as c_rehash does', async () => {
    const pem = await readFile(certificate.cafile, 'utf8');
    await writeFile(join(folder, 'ca.pem'), pem);
    await writeFile(join(folder, '1a2b3c4d.0'), pem);
    await writeFile(join(folder, 'README'), 'no certificate');
    expect(trustOf(folder).ca?.trim()).toBe(pem.trim());
    await mkdir(join(folder, 'empty'));
    expect(caught(() => trustOf(join(folder, 'empty')))).toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('a folder without a file *.pem'),
    });
  });

  it.each<[string, (pem: string) => string, string]>([
    ['glued', (pem) => pem.trim() + pem, 'certificate 2 (line'],
    ['cut short', (pem) => pem + pem.slice(0, 300), 'certificate 2 (line'],
    ['spoiled', (pem) => pem.replace(/\n(.{20})/, '\nAAAAAAAAAAAAAAAAAAAA'), 'certificate 1 (line 1) is broken'],
    ['empty', () => '', 'no certificate in it'],
  ])('that is %s says so, and where', async (_, spoil, words) => {
    const file = join(folder, 'ca.pem');
    await writeFile(file, spoil(await readFile(certificate.cafile, 'utf8')));
    expect(caught(() => trustOf(file)).message).toContain(words);
  });
});

function caught(work: () => unknown): SoarApiError {
  try {
    work();
  } catch (error) {
    if (SoarApiError.is(error)) return error;
    throw error;
  }
  throw new Error('expected a SoarApiError');
}
