import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { OAuthTokens } from '../src/client/OAuthTokens.js';

let server: Server | undefined;
afterEach(() => new Promise((done) => (server === undefined ? done(undefined) : server.close(done))));

interface Asked {
  readonly authorization: string | undefined;
  readonly body: string;
}

async function endpoint(status: number, answer: unknown): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  server = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ authorization: request.headers.authorization, body });
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, asked };
}

const LOGIN = { clientId: 'feed', clientSecret: 'top:secret', scope: 'kafka' };

it('gets a token by client credentials, and keeps it while it lasts', async () => {
  const { url, asked } = await endpoint(200, { access_token: 'abc', expires_in: 3600 });
  const tokens = new OAuthTokens({ ...LOGIN, tokenUrl: url });
  expect([await tokens.get(), await tokens.get()]).toEqual(['abc', 'abc']);
  expect(asked).toEqual([
    {
      authorization: `Basic ${Buffer.from('feed:top%3Asecret').toString('base64')}`,
      body: 'grant_type=client_credentials&scope=kafka',
    },
  ]);
});

it('gets another one when it is about to end', async () => {
  const { url, asked } = await endpoint(200, { access_token: 'abc', expires_in: 20 });
  const tokens = new OAuthTokens({ ...LOGIN, tokenUrl: url });
  await tokens.get();
  await tokens.get();
  expect(asked).toHaveLength(2);
});

it('says what the endpoint answered, and not what was sent', async () => {
  const { url } = await endpoint(401, { error: 'bad top:secret' });
  const error = await new OAuthTokens({ ...LOGIN, tokenUrl: url }).get().catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/token endpoint at 127.0.0.1:\d+ answered 401/);
  expect(String(error)).not.toContain('secret');
});
