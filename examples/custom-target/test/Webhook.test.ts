import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import { aDelete, anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import { Webhook } from '../src/Webhook.js';

let server: Server;
let url: string;
let answer: { status: number; headers?: Record<string, string> };
const received: { authorization: string | undefined; body: Record<string, unknown> }[] = [];
const context = { signal: new AbortController().signal, attempt: 1, log: recordingLogger() };

beforeEach(async () => {
  received.length = 0;
  answer = { status: 204 };
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      received.push({
        authorization: request.headers.authorization,
        body: JSON.parse(text) as Record<string, unknown>,
      });
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('Webhook', () => {
  it('posts a flat row for a change, and no row for a delete', async () => {
    const target = new Webhook(url, 'top');
    await target.open();
    const incident = anIncident();
    expect(await target.deliver(incident, context)).toEqual({ status: 'delivered', change: 'updated' });
    expect(await target.deliver(aDelete(incident), context)).toEqual({ status: 'delivered', change: 'deleted' });
    expect(received[0]).toMatchObject({
      authorization: 'Bearer top',
      body: {
        action: 'upsert',
        type: 'incident',
        id: 2100,
        incident: 2100,
        row: { name: 'Suspicious login', plan_status: 'Active' },
      },
    });
    expect(received[1]?.body).toMatchObject({ action: 'delete', row: null });
  });

  it.each([
    [429, RetryableError],
    [503, RetryableError],
    [401, UnavailableError],
    [422, PermanentError],
  ])('tells the engine what a %i means', async (status, kind) => {
    answer = { status, headers: { 'retry-after': '7' } };
    const refusal = new Webhook(url, undefined).deliver(anIncident(), context);
    await expect(refusal).rejects.toBeInstanceOf(kind);
    await expect(refusal).rejects.toMatchObject(
      status >= 429 && kind === RetryableError ? { retryAfterMs: 7_000 } : {},
    );
  });

  it('says that the destination is away when nobody listens, and never shows the token', async () => {
    const target = new Webhook('http://127.0.0.1:9/hook', 'top-secret');
    const refusal = target.deliver(anIncident(), context);
    await expect(refusal).rejects.toBeInstanceOf(UnavailableError);
    await expect(refusal).rejects.not.toThrow(/top-secret/);
  });
});
