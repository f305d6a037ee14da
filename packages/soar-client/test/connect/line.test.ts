import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SoarApiError, SoarClient } from '../../src/index.js';
import type { SoarConnection } from '../../src/index.js';
import { makeTestCertificate } from '../support/certificate.js';
import type { TestCertificate, TestCertificateOptions } from '../support/certificate.js';
import { failureFrom } from '../support/failureFrom.js';
import { ORG, ScriptedServer } from '../support/ScriptedServer.js';
import { waitFor } from '../support/waitFor.js';

const CREATE = 'POST /rest/orgs/201/incidents';
const INCIDENT = 'GET /rest/orgs/201/incidents/5';
const SESSION = JSON.stringify({ orgs: [ORG], api_key_handle: 7 });
const once = { max: 0, delayMs: 1, backoff: 1 };

let certificate: TestCertificate;
const opened: { server: Server; sockets: Set<Socket> }[] = [];

beforeAll(async () => {
  certificate = await makeTestCertificate();
});
afterAll(() => certificate.remove());
afterEach(async () => {
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ server, sockets });
  return (server.address() as AddressInfo).port;
}

const answerOf = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** A TLS server that logs everybody in, and leaves each create to `onCreate`, byte for byte. */
async function rawServer(onCreate: (socket: Socket, body: string) => void): Promise<SoarConnection> {
  const server = createTlsServer({ key: certificate.key, cert: certificate.cert }, (socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const [head = '', ...rest] = text.split('\r\n\r\n');
      const body = rest.join('\r\n\r\n');
      if (rest.length === 0 || body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) return;
      text = '';
      if (head.startsWith('POST')) onCreate(socket, body);
      else socket.write(answerOf(head.startsWith('GET /rest/session') ? SESSION : '{"id":201}'));
    });
  });
  return connectionTo(await listen(server));
}

function connectionTo(port: number, more: Partial<SoarConnection> = {}): SoarConnection {
  const login = { apiKeyId: 'key-id', apiKeySecret: 'key-secret' };
  return { host: '127.0.0.1', port, cafile: certificate.cafile, ...login, retries: once, timeoutMs: 5_000, ...more };
}

describe('a connection that the server closes just when a request is written to it', () => {
  it.each([0, 1])(
    'never makes two of one create, and is never called unsent if it arrived (repeats: %i)',
    async (max) => {
      const arrived = new Map<string, number>();
      let turn = 0;
      const connection = await rawServer((socket, body) => {
        const { name } = JSON.parse(body) as { readonly name: string };
        arrived.set(name, (arrived.get(name) ?? 0) + 1);
        socket.write(answerOf('{"id":5}'));
        const close = (): unknown => (turn % 2 === 0 ? socket.destroy() : socket.end());
        turn += 1;
        if (turn % 3 === 0) setTimeout(close, turn % 5);
        else setImmediate(close);
      });
      const client = await SoarClient.connect({
        ...connection,
        retries: { max, delayMs: 1, backoff: 1 },
        maxSockets: 2,
      });
      let failed = 0;
      for (let count = 0; count < 150; count += 1) {
        const name = `incident ${count}`;
        try {
          await client.incidents.create({ name });
          expect(arrived.get(name)).toBe(1);
        } catch (error) {
          if (!SoarApiError.is(error)) throw error;
          failed += 1;
          expect(error).toMatchObject({ code: 'connection-lost', retryable: true });
          expect(arrived.get(name) ?? 0).toBeLessThanOrEqual(1);
          if (!error.outcomeUnknown) expect(arrived.get(name)).toBeUndefined();
        }
      }
      await client.close();
      expect(turn).toBeGreaterThan(75);
      expect(failed).toBeLessThan(75);
    },
    20_000,
  );

  it('is unknown if it closes after the create arrived, before a byte of the answer', async () => {
    let creates = 0;
    const connection = await rawServer((socket) => {
      creates += 1;
      if (creates === 1) socket.write(answerOf('{"id":5}'));
      else socket.end();
    });
    const client = await SoarClient.connect({ ...connection, retries: { max: 3, delayMs: 1, backoff: 1 } });
    await client.incidents.create({ name: 'first' });
    const error = await failureFrom(client.incidents.create({ name: 'second' }));
    expect(error).toMatchObject({ code: 'connection-lost', outcomeUnknown: true });
    expect(error.message).toContain('other side closed');
    expect(creates).toBe(2);
    await client.close();
  });
});

it.each([
  ['no HTTP', '220 mail.example ESMTP\r\n'],
  ['half a head', 'HTTP/1.1 200 OK\r\ncontent-ty'],
  ['less than announced', 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"id"'],
])('an answer of %s leaves a create unknown', async (_, bytes) => {
  const connection = await rawServer((socket) => socket.end(bytes));
  const client = await SoarClient.connect(connection);
  expect(await failureFrom(client.incidents.create({}))).toMatchObject({
    code: 'connection-lost',
    outcomeUnknown: true,
  });
  await client.close();
});

describe('a certificate', () => {
  const day = 86_400_000;
  it.each<[string, TestCertificateOptions, string]>([
    [
      'has expired',
      { notBeforeDate: new Date(Date.now() - 2 * day), notAfterDate: new Date(Date.now() - day) },
      'CERT_HAS_EXPIRED',
    ],
    [
      'is not valid yet',
      { notBeforeDate: new Date(Date.now() + day), notAfterDate: new Date(Date.now() + 2 * day) },
      'CERT_NOT_YET_VALID',
    ],
  ])('that %s is named as such: no repeat helps', async (_, options, words) => {
    const other = await makeTestCertificate(options);
    const port = await listen(createTlsServer({ key: other.key, cert: other.cert }));
    const error = await failureFrom(SoarClient.connect(connectionTo(port, { cafile: other.cafile })));
    await other.remove();
    expect(error).toMatchObject({ code: 'certificate-out-of-date', retryable: false, outcomeUnknown: false });
    expect(error.message).toContain(words);
  });

  it('for another host is named as such', async () => {
    const port = await listen(createTlsServer({ key: certificate.key, cert: certificate.cert }));
    const server = opened.at(-1)?.server as Server;
    await new Promise((resolve) => server.close(resolve));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.2', resolve));
    expect(await failureFrom(SoarClient.connect(connectionTo(port, { host: '127.0.0.2' })))).toMatchObject({
      code: 'certificate-for-another-host',
      retryable: false,
      message: expect.stringContaining('127.0.0.2'),
    });
  });

  it('is asked for by a server that refuses us without one: said as a TLS problem', async () => {
    const port = await listen(
      createTlsServer({
        ...{ key: certificate.key, cert: certificate.cert, ca: certificate.cert },
        ...{ requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
      }),
    );
    expect(await failureFrom(SoarClient.connect(connectionTo(port)))).toMatchObject({
      code: 'tls-failed',
      retryable: false,
      unavailable: true,
      outcomeUnknown: false,
    });
  });
});

describe('a proxy', () => {
  const through = (port: number, more: Partial<SoarConnection> = {}) =>
    failureFrom(SoarClient.connect(connectionTo(1, { proxy: { host: '127.0.0.1', port }, ...more })));

  it.each([
    ['hangs up', (socket: Socket) => socket.once('data', () => socket.end()), 'ECONNRESET'],
    ['speaks no HTTP', (socket: Socket) => socket.end('220 mail\r\n'), 'cannot connect ('],
  ])('that %s is asked once per try', async (_, behave, words) => {
    let asked = 0;
    const port = await listen(
      createServer((socket) => {
        asked += 1;
        behave(socket.on('error', () => undefined));
      }),
    );
    const error = await through(port, { retries: { max: 1, delayMs: 1, backoff: 1 } });
    expect(error).toMatchObject({ code: 'connect-failed', unavailable: true, outcomeUnknown: false });
    expect(error.message).toContain(words);
    expect(asked).toBe(2);
  });

  it('that says nothing, or from which nothing comes through its tunnel, is given up in time', async () => {
    const mute = await listen(createServer());
    expect(await through(mute, { timeoutMs: 200 })).toMatchObject({ code: 'connect-timeout', unavailable: true });
    const empty = await listen(
      createServer((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 Go on\r\n\r\n'))),
    );
    expect(await through(empty, { timeoutMs: 200 })).toMatchObject({ code: 'connect-timeout', unavailable: true });
  });
});

describe('on a scripted server', () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await ScriptedServer.start();
  });
  afterAll(() => server.stop());
  afterEach(() => server.reset());

  it('a create that waits for a connection is cancelled at once, unsent, and never arrives', async () => {
    const client = await SoarClient.connect(server.connection({ maxSockets: 1 }));
    let answer: () => void = () => undefined;
    server.on(INCIDENT, () => new Promise((resolve) => (answer = () => resolve({ id: 5 }))));
    server.on(CREATE, () => ({ id: 6 }));
    const reading = client.incidents.get(5);
    await waitFor('the reading to arrive', () => server.hits(INCIDENT).length === 1);
    const abort = new AbortController();
    const creating = failureFrom(client.incidents.create({}, { signal: abort.signal }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    expect(await creating).toMatchObject({ code: 'aborted', outcomeUnknown: false });
    answer();
    await reading;
    await client.incidents.create({ name: 'later' });
    expect(server.hits(CREATE)).toHaveLength(1);
    await client.close();
  });

  it('what is in progress when the client is closed fails at once, and is unknown', async () => {
    const client = await SoarClient.connect(server.connection({ retries: once }));
    server.on(CREATE, () => undefined);
    const creating = failureFrom(client.incidents.create({}));
    await waitFor('the create to arrive', () => server.hits(CREATE).length === 1);
    await client.close();
    expect(await creating).toMatchObject({ code: 'connection-lost', outcomeUnknown: true });
    expect(await failureFrom(client.incidents.create({}))).toMatchObject({ outcomeUnknown: false });
  });

  it('a packed text is unpacked, whatever its content-length counts; one in an unknown encoding is no JSON', async () => {
    const client = await SoarClient.connect(server.connection({ retries: once }));
    const text = JSON.stringify({ id: 5, name: 'ä'.repeat(2_000) });
    server.on(INCIDENT, ({ response }) => {
      const body = gzipSync(text);
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(body.length) }).end(body);
    });
    expect(await client.incidents.get(5)).toMatchObject(JSON.parse(text) as object);
    server.on(
      INCIDENT,
      ({ response }) => void response.writeHead(200, { 'content-encoding': 'zz' }).end('\u0001\u0002'),
    );
    expect(await failureFrom(client.incidents.get(5))).toMatchObject({ code: 'not-the-platform' });
    await client.close();
  });

  it('an upload that is refused before it was read is answered', async () => {
    const client = await SoarClient.connect(server.connection({ retries: once }));
    server.on('POST /rest/orgs/201/incidents/5/attachments', ({ response }) => {
      response.writeHead(413, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ success: false, title: null, message: 'Too big', hints: [] }));
    });
    const open = () => Promise.resolve(slowly());
    const error = await failureFrom(client.attachments.create({ incidentId: 5 }, { name: 'x', open }));
    expect(error).toMatchObject({ status: 413, code: 'too-large' });
    await client.close();
  });
});

it('of a header that came twice the first counts, of encodings all', async () => {
  const text = gzipSync('{"id":5}');
  const connection = await rawServer((socket) => {
    const heads = ['retry-after: 7', 'retry-after: 8', 'content-encoding: identity', 'content-encoding: gzip'];
    socket.write(`HTTP/1.1 200 OK\r\n${heads.join('\r\n')}\r\ncontent-length: ${text.length}\r\n\r\n`);
    socket.write(text);
  });
  let retryAfterMs: number | undefined;
  const client = await SoarClient.connect(connection, {
    intercept: async (_, send) => {
      const answer = await send();
      if (answer.retryAfterMs !== undefined) ({ retryAfterMs } = answer);
      return answer;
    },
  });
  expect(await client.incidents.create({})).toEqual({ id: 5 });
  expect(retryAfterMs).toBe(7_000);
  await client.close();
});

function slowly(): Readable {
  return Readable.from(
    (async function* () {
      for (let count = 0; count < 50; count += 1) {
        yield Buffer.alloc(1_000);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })(),
  );
}
