import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { createServer, connect as netConnect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { proxyFor } from '../../src/connect/proxyFor.js';
import { SoarClient } from '../../src/index.js';
import type { SoarConnection } from '../../src/index.js';
import { makeTestCertificate } from '../support/certificate.js';
import { failureFrom } from '../support/failureFrom.js';
import { fail, ORG, ScriptedServer } from '../support/ScriptedServer.js';
import type { Call } from '../support/ScriptedServer.js';

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const connect = (more: Partial<SoarConnection> = {}) => SoarClient.connect(server.connection(more));
const failure = (more: Partial<SoarConnection> = {}) => failureFrom(connect(more));

async function withClient<T>(more: Partial<SoarConnection>, use: (client: SoarClient) => Promise<T>): Promise<T> {
  const client = await connect(more);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** A connection by e-mail and password: `undefined` keys are omitted, as in a configuration file. */
function byPassword(password = 'secret'): Partial<SoarConnection> {
  const { apiKeyId: _id, apiKeySecret: _secret, ...rest } = server.connection();
  return { ...rest, email: 'ada@example.com', password };
}
const connectByPassword = (password?: string) => SoarClient.connect(byPassword(password) as SoarConnection);

describe('API key', () => {
  it('is sent as Basic with every request, and a cookie of the server never', async () => {
    server.on('GET /rest/orgs/201/types', ({ response }) => {
      response.setHeader('set-cookie', 'JSESSIONID=abc; Path=/');
      return {};
    });
    await withClient({}, async (client) => {
      await client.types.all();
      await client.types.all();
      expect(client.principal).toEqual({ id: 7, type: 'apikey', name: 'feeder' });
    });
    const basic = `Basic ${Buffer.from('key-id:key-secret').toString('base64')}`;
    expect(server.calls).toHaveLength(4);
    for (const call of server.calls) {
      expect(call.headers.authorization).toBe(basic);
      expect(call.headers.cookie).toBeUndefined();
    }
  });

  it('that is refused makes the organization unavailable, without telling the secret', async () => {
    server.on('GET /rest/session', (call) => fail(call, 401, 'Unauthorized'));
    const error = await failure();
    expect(error).toMatchObject({ code: 'unauthorized', status: 401, unavailable: true, retryable: false });
    expect(JSON.stringify([error.message, error.details])).not.toContain('key-secret');
    expect(server.hits('GET /rest/session')).toHaveLength(1);
  });

  it('is needed, or a password', async () => {
    const { apiKeySecret: _secret, ...half } = server.connection();
    expect(await failureFrom(SoarClient.connect(half))).toMatchObject({ code: 'no-login' });
  });
});

describe('e-mail and password', () => {
  let logins = 0;
  /** Sessions that the server still knows. */
  const alive = new Set<string>();

  beforeEach(() => {
    logins = 0;
    alive.clear();
    server.on('POST /rest/session', (call) => {
      if ((call.body as { password: string }).password !== 'secret')
        return fail(call, 401, 'Invalid user name or password');
      logins += 1;
      alive.add(`token-${logins}`);
      call.response.setHeader('set-cookie', [`JSESSIONID=cookie-${logins}; Path=/; Secure`, 'route=a; Path=/']);
      return { csrf_token: `token-${logins}`, user_id: 3, user_email: 'ada@example.com', orgs: [ORG] };
    });
    server.on('GET /rest/orgs/201/groups', (call) =>
      alive.has(String(call.headers['x-sess-id'])) ? [{ id: 1, name: 'g' }] : fail(call, 401, 'Session expired'),
    );
    server.on('POST /rest/orgs/201/incidents', (call) =>
      alive.has(String(call.headers['x-sess-id'])) ? { id: 5, name: 'x' } : fail(call, 401, 'Session expired'),
    );
  });

  it('open a session whose token and cookies go with every request', async () => {
    const client = await connectByPassword();
    await client.groups.all();
    await client.close();
    expect(client.principal).toEqual({ id: 3, type: 'user', name: 'ada@example.com' });
    const call = server.hits('GET /rest/orgs/201/groups')[0];
    expect(call?.headers).toMatchObject({ 'x-sess-id': 'token-1', cookie: 'JSESSIONID=cookie-1; route=a' });
    expect(call?.headers.authorization).toBeUndefined();
  });

  it('are used again when the session ends: one login for all requests under way, each repeated once', async () => {
    const client = await connectByPassword();
    alive.clear();
    const answers = await Promise.all(Array.from({ length: 12 }, () => client.groups.all()));
    expect(answers.every((groups) => groups.length === 1)).toBe(true);
    expect(logins).toBe(2);
    expect(server.hits('GET /rest/orgs/201/groups').length).toBeLessThanOrEqual(24);

    alive.clear();
    expect(await client.incidents.create({ name: 'x' })).toMatchObject({ id: 5 });
    expect(logins).toBe(3);
    await client.close();
  });

  it('that are refused at the new login make it unavailable; the next call tries anew', async () => {
    const client = await connectByPassword();
    alive.clear();
    const welcome = { csrf_token: 'token-9', user_id: 3, orgs: [ORG] };
    server.on(
      'POST /rest/session',
      (call) => fail(call, 401, 'locked'),
      () => {
        alive.add('token-9');
        return welcome;
      },
    );
    expect(await failureFrom(client.groups.all())).toMatchObject({ code: 'unauthorized', unavailable: true });
    expect(await client.groups.all()).toHaveLength(1);
    await client.close();
  });

  it('wrong from the start fail at once', async () => {
    const error = await failureFrom(connectByPassword('wrong'));
    expect(error).toMatchObject({ code: 'unauthorized', status: 401, unavailable: true });
    expect(error.message).toContain('Invalid user name or password');
  });

  it('under a session that is refused even after the new login: no endless loop', async () => {
    const client = await connectByPassword();
    server.on('GET /rest/orgs/201/groups', (call) => fail(call, 401, 'no'));
    expect(await failureFrom(client.groups.all())).toMatchObject({ status: 401, unavailable: true });
    expect(server.hits('GET /rest/orgs/201/groups')).toHaveLength(2);
    await client.close();
  });
});

describe('the organization', () => {
  const two = { ...ORG, id: 202, name: 'Other', uuid: 'c9', cloud_account: 'cloud-2' };
  const serve = (...orgs: object[]) => server.on('GET /rest/session', () => ({ orgs, api_key_handle: 7 }));
  beforeEach(() => server.on('GET /rest/orgs/202', () => ({ actions_framework_enabled: false })));

  it.each(['Other', 'c9', 'cloud-2', '202'])('is found by %s', async (org) => {
    serve(ORG, two);
    const found = await withClient({ org }, async (client) => client.org);
    expect(found).toEqual({
      id: 202,
      name: 'Other',
      uuid: 'c9',
      cloudAccount: 'cloud-2',
      attachmentsEnabled: true,
      incidentDeletionAllowed: false,
      finalPhaseRequired: false,
      actionsFrameworkEnabled: false,
    });
  });

  it('is the only one when none is named', async () => {
    expect((await withClient({}, async (client) => client.org)).id).toBe(201);
  });

  it('is refused with a list of what there is', async () => {
    serve(ORG, two);
    const unknown = await failure({ org: 'test org' });
    expect(unknown.code).toBe('org-not-found');
    expect(unknown.message).toContain('"Test Org" (id 201');
    expect(unknown.message).toContain('"Other" (id 202');
    const unset = await failure();
    expect(unset.code).toBe('org-not-set');
    expect(unset.message).toContain('"Other"');
  });

  it('is refused when disabled, or when there is none', async () => {
    serve({ ...ORG, enabled: false });
    expect(await failure()).toMatchObject({ code: 'org-disabled' });
    serve();
    expect(await failure()).toMatchObject({ code: 'no-org' });
  });

  it('may be closed to reading: then its queues are taken to be there', async () => {
    server.on('GET /rest/orgs/201', (call) => fail(call, 403, 'no'));
    expect((await withClient({}, async (client) => client.org)).actionsFrameworkEnabled).toBe(true);
  });

  it('lives below a resource prefix on Cloud Pak for Security', async () => {
    server.on('GET /api/respond/rest/session', () => ({ orgs: [ORG], api_key_handle: 7 }));
    server.on('GET /api/respond/rest/orgs/201', () => ({}));
    expect((await withClient({ resourcePrefix: '/api/respond/' }, async (client) => client.org)).id).toBe(201);
  });
});

describe('a server that cannot be reached', () => {
  it('shows an untrusted certificate with the host and the way out', async () => {
    const { cafile: _cafile, ...untrusting } = server.connection();
    const error = await failureFrom(SoarClient.connect(untrusting));
    expect(error).toMatchObject({ code: 'untrusted-certificate', unavailable: true, outcomeUnknown: false });
    expect(error.message).toContain('127.0.0.1');
    expect(error.message).toContain('`cafile`');
    expect(server.calls).toHaveLength(0);
  });

  it('is believed blindly only with cafile=false', async () => {
    expect((await withClient({ cafile: false }, async (client) => client.org)).id).toBe(201);
  });

  it('shows a missing or unusable cafile by name', async () => {
    const missing = await failure({ cafile: '~/no/such/ca.pem' });
    expect(missing.code).toBe('file-unreadable');
    expect(missing.message).toContain('/no/such/ca.pem');
    expect(missing.message).not.toContain('~');
    expect(await failure({ cafile: new URL(import.meta.url).pathname })).toMatchObject({ code: 'file-unreadable' });
  });

  it('is unavailable: refused, unknown, no TLS', async () => {
    const plain = await listen(createServer((socket) => socket.on('error', () => undefined).end('220 mail\r\n')));
    const closed = await listen(createServer());
    await stop(closed);
    const retries = { max: 0, delayMs: 1, backoff: 1 };
    const port = closed.port;
    expect(await failure({ port, retries })).toMatchObject({
      code: 'connection-refused',
      unavailable: true,
      retryable: true,
    });
    expect(await failure({ host: 'no-such-host.invalid', retries })).toMatchObject({
      code: 'host-not-found',
      unavailable: true,
    });
    expect(await failure({ port: plain.port, retries })).toMatchObject({ code: 'tls-failed', unavailable: true });
    await stop(plain);
  });

  it('that says nothing during the handshake is given up in time', async () => {
    const mute = await listen(createServer());
    const error = await failure({ port: mute.port, timeoutMs: 200, retries: { max: 0, delayMs: 1, backoff: 1 } });
    expect(error).toMatchObject({ code: 'connect-timeout', unavailable: true, outcomeUnknown: false });
    await stop(mute);
  });
});

describe('a client certificate', () => {
  it('is shown to a server that asks for one; a file that is none is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'soar-client-test-'));
    const [ofServer, ofClient] = [await makeTestCertificate(), await makeTestCertificate()];
    const keyFile = join(folder, 'key.pem');
    await writeFile(keyFile, ofClient.key);
    const asked: boolean[] = [];
    const demanding = createTlsServer(
      { key: ofServer.key, cert: ofServer.cert, ca: ofClient.cert, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const isKnown = (request.socket as TLSSocket).authorized;
        asked.push(isKnown);
        response.setHeader('content-type', 'application/json');
        response.statusCode = isKnown ? 200 : 403;
        response.end(JSON.stringify({ orgs: [ORG], api_key_handle: 7 }));
      },
    );
    const listening = await listen(demanding);
    const to = { port: listening.port, cafile: ofServer.cafile };
    const clientCert = { certFile: ofClient.cafile, keyFile };
    expect((await withClient({ ...to, clientCert }, async (client) => client.org)).id).toBe(201);
    expect(asked).toEqual([true, true]);
    expect(await failure(to)).toMatchObject({ code: 'not-the-platform', details: { httpStatus: 403 } });

    const wrong = await failure({ ...to, clientCert: { ...clientCert, keyFile: new URL(import.meta.url).pathname } });
    expect(wrong).toMatchObject({ code: 'file-unreadable', message: expect.stringContaining(ofClient.cafile) });
    await stop(listening);
    await Promise.all([ofServer.remove(), ofClient.remove(), rm(folder, { recursive: true })]);
  });
});

describe('a proxy', () => {
  it('carries every request through one tunnel, TLS still checked end to end', async () => {
    const proxy = await startProxy();
    await withClient({ proxy: { host: '127.0.0.1', port: proxy.port, user: 'u', password: 'p@ss' } }, (client) =>
      client.types.all().catch(() => undefined),
    );
    expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${server.port} HTTP/1.1`]);
    expect(proxy.authorization).toBe(`Basic ${Buffer.from('u:p@ss').toString('base64')}`);
    const { cafile: _cafile, ...untrusting } = server.connection({ proxy: { host: '127.0.0.1', port: proxy.port } });
    expect(await failureFrom(SoarClient.connect(untrusting))).toMatchObject({ code: 'untrusted-certificate' });
    await stop(proxy);
  });

  it.each([
    ['401 Nope', false],
    ['407 Proxy Authentication Required', false],
    ['502 Bad Gateway', true],
  ])('that refuses with %s is named as such; whether it may pass by itself: %p', async (line, retryable) => {
    const proxy = await startProxy(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`);
    const error = await failure({ proxy: { host: '127.0.0.1', port: proxy.port } });
    expect(error).toMatchObject({ code: 'proxy-refused', retryable, unavailable: true, outcomeUnknown: false });
    // It is not taken for the server's status.
    expect(error.status).toBeUndefined();
    await stop(proxy);
  });

  it('comes from the environment unless the host is exempt; one configured wins', () => {
    const to = (host: string, port?: number): SoarConnection => ({ host, ...(port === undefined ? {} : { port }) });
    const env = { HTTPS_PROXY: 'proxy.example:3128', NO_PROXY: 'localhost, .corp.example,other.example:8443' };
    expect(proxyFor(to('soar.example'), env)?.href).toBe('http://proxy.example:3128/');
    expect(proxyFor(to('a.corp.example'), env)).toBeUndefined();
    expect(proxyFor(to('other.example'), env)).toBeDefined();
    expect(proxyFor(to('other.example', 8443), env)).toBeUndefined();
    expect(proxyFor(to('soar.example'), { https_proxy: 'http://p:1', NO_PROXY: '*' })).toBeUndefined();
    expect(proxyFor({ host: 'localhost', proxy: { host: 'http://mine', port: 8080 } }, env)?.href).toBe(
      'http://mine:8080/',
    );
    expect(proxyFor(to('soar.example'), {})).toBeUndefined();
    expect(() => proxyFor(to('soar.example'), { HTTPS_PROXY: 'http://a b' })).toThrow('HTTPS_PROXY');
  });
});

interface Listening {
  readonly server: Server;
  readonly port: number;
  readonly sockets: Set<Socket>;
}

async function listen(listener: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { server: listener, port: (listener.address() as AddressInfo).port, sockets };
}

async function stop({ server: listener, sockets }: Listening): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => listener.close(resolve));
}

/** An HTTP proxy that knows CONNECT only, or refuses it with `refusal`. */
async function startProxy(
  refusal?: string,
): Promise<Listening & { asked: string[]; authorization: string | undefined }> {
  const seen = { asked: [] as string[], authorization: undefined as string | undefined };
  const listening = await listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (head) => {
        const [line = '', ...headers] = head.toString().split('\r\n');
        seen.asked.push(line);
        seen.authorization ??= headers.find((header) => /^proxy-authorization: /i.test(header))?.split(': ')[1];
        if (refusal !== undefined) return void socket.end(refusal);
        const [host = '', port] = line.split(' ')[1]?.split(':') ?? [];
        const upstream = netConnect(Number(port), host, () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on('error', () => socket.destroy());
        socket.on('close', () => upstream.destroy());
      });
    }),
  );
  return Object.assign(seen, listening);
}

describe('another login while connected', () => {
  const headerOf = (secret: string): string => `Basic ${Buffer.from(`key-id:${secret}`).toString('base64')}`;
  const rotated = () => server.connection({ apiKeySecret: 'rotated' });

  it('is proved, and used from the next request on', async () => {
    server.on('GET /rest/orgs/201/types', () => ({}));
    await withClient({}, async (client) => {
      await client.logIn(rotated());
      await client.types.all();
    });
    const used = server.calls.slice(-2).map(({ path, headers }) => [path, headers.authorization]);
    expect(used).toEqual([
      ['/rest/session', headerOf('rotated')],
      ['/rest/orgs/201/types', headerOf('rotated')],
    ]);
  });

  it.each<[string, (call: Call) => unknown, string]>([
    ['it is refused', (call) => fail(call, 401, 'Unauthorized'), 'unauthorized'],
    ['it is another account', () => ({ orgs: [ORG], api_key_handle: 8 }), 'another-account'],
    ['it is in another organization', () => ({ orgs: [{ ...ORG, id: 9 }], api_key_handle: 7 }), 'another-account'],
  ])('leaves the old one in use if %s', async (_, answer, code) => {
    server.on('GET /rest/orgs/201/types', () => ({}));
    await withClient({}, async (client) => {
      server.on('GET /rest/session', answer);
      expect(await failureFrom(client.logIn(rotated()))).toMatchObject({ code });
      await client.types.all();
    });
    expect(server.calls.at(-1)?.headers.authorization).toBe(headerOf('key-secret'));
  });
});
