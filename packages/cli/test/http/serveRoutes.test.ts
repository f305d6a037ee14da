import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { answersTo } from '../../src/http/answersTo.js';
import { serveRoutes } from '../../src/http/serveRoutes.js';
import type { Routes } from '../../src/http/serveRoutes.js';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
});

const circle: { round?: unknown } = {};
circle.round = circle;

const routes: Routes = {
  'GET /status': () => ({ status: 200, body: { fine: true } }),
  'GET /throws': () => {
    throw new TypeError('cannot read x');
  },
  'GET /rejects': async () => Promise.reject(new Error('odd')),
  'GET /unsayable': () => ({ status: 200, body: circle }),
  'GET /odd-status': () => ({ status: 7, body: 'x' }),
  'GET /nothing': () => undefined as never,
  'GET /slow': async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { status: 200, body: 'x'.repeat(1_000_000) };
  },
  'POST /echo': (body) => ({ status: 200, body }),
};

async function open(allowed: readonly string[] = []) {
  const faults: unknown[] = [];
  server = serveRoutes(routes, { answersTo: answersTo('127.0.0.1', allowed), onFault: (error) => faults.push(error) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, headers: Record<string, string> = {}, body = '', method = body === '' ? 'GET' : 'POST') =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  /** The answer to bytes that may not be HTTP. */
  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
  const stillAnswers = async (): Promise<void> => {
    expect(await ask('/status')).toEqual({ status: 200, text: '{"fine":true}\n' });
  };
  return { port, ask, raw, faults, stillAnswers };
}

describe('a request', () => {
  it.each(['/throws', '/rejects', '/unsayable', '/odd-status', '/nothing'])(
    'that a route fails at (%s) is answered with 500, plainly, and ends nothing',
    async (path) => {
      const { ask, faults, stillAnswers } = await open();
      expect(await ask(path)).toEqual({
        status: 500,
        text: '{"error":"The host could not answer; its log says why."}\n',
      });
      expect(faults).toHaveLength(1);
      await stillAnswers();
    },
  );

  it.each([
    ['no HTTP', 'hello\r\n\r\n', '400'],
    ['bytes of TLS', '\u0016\u0003\u0001\u0002\u0000\r\n\r\n', '400'],
    ['a huge URL', `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`, '431'],
    ['huge headers', `GET /status HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, '431'],
    ['no host', 'GET /status HTTP/1.1\r\n\r\n', '400'],
    ['an odd path', 'GET //[ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n', '404'],
    ['an odd escape', 'GET /%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n', '404'],
    ['a method of an object', 'GET /__proto__ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n', '404'],
  ])('that is %s is refused and ends nothing', async (_, bytes, status) => {
    const { raw, faults, stillAnswers } = await open();
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(faults).toEqual([]);
    await stillAnswers();
  });

  it('that is given up ends nothing', async () => {
    const { port, faults, stillAnswers } = await open();
    for (const bytes of [
      'GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n',
      'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 500\r\n\r\n{"a"',
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(bytes);
      await new Promise((resolve) => setImmediate(resolve));
      socket.resetAndDestroy();
    }
    await stillAnswers();
    expect(faults).toEqual([]);
  });

  it('with a body that is too long or no JSON is refused', async () => {
    const { ask, stillAnswers } = await open();
    expect(await ask('/echo', {}, '{"a":1}')).toEqual({ status: 200, text: '{"a":1}\n' });
    expect((await ask('/echo', {}, '{"a":')).status).toBe(400);
    expect((await ask('/echo', {}, JSON.stringify('x'.repeat(70_000)))).status).toBe(400);
    await stillAnswers();
  });

  it.each([
    ...['localhost', 'LOCALHOST:9', 'localhost.', '127.0.0.1', '127.0.0.1:9100', '127.9.9.9', '[::1]', '[::1]:9100'],
    'monitor.example.com:9100',
  ])('to %s is answered', async (host) => {
    const { ask } = await open(['Monitor.example.com']);
    expect((await ask('/status', { host })).status).toBe(200);
  });

  it.each(['evil.example.com', 'localhost.evil.example.com', '127.0.0.1.evil.example.com', '10.0.0.5', '::1', 'x:y'])(
    'to another name (%s), which a page may have been given for this address, is not',
    async (host) => {
      const { ask } = await open();
      const answer = await ask('/status', { host });
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('status_hosts');
    },
  );
});
