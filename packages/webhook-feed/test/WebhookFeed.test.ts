import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { DeliverContext, DeliveryOutcome } from '@soar-feed/core';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { aDelete, anIncident, aTask, recordingLogger } from '@soar-feed/feed-testkit';
import type { WebhookFeed } from '../src/index.js';
import { Receiver } from './support/Receiver.js';
import type { Taken } from './support/Receiver.js';
import { webhookFeed } from './support/settings.js';

const signal = new AbortController().signal;
const CONTEXT: DeliverContext = { signal, attempt: 1, log: recordingLogger() };
const incidents = (count: number) => Array.from({ length: count }, (_, at) => anIncident({ incidentId: 3_000 + at }));
const kinds = (outcomes: readonly DeliveryOutcome[]) =>
  outcomes.map((one) => (one.status === 'failed' ? (one.error as { kind?: string }).kind : one.status));

const NOTHING: Taken = { headers: {}, body: '', items: [] };

let receiver: Receiver;
let feed: WebhookFeed;
beforeEach(async () => {
  receiver = await Receiver.start();
  feed = webhookFeed({ url: receiver.url });
});
afterEach(async () => {
  await feed.close();
  await receiver.stop();
});

it('posts a batch: one item per change, with the object flat, and null for a delete', async () => {
  await feed.deliverBatch([aTask(), aDelete(anIncident({ incidentId: 7 }))], CONTEXT);
  const { items, headers } = receiver.requests[0] ?? NOTHING;
  expect(items).toEqual([
    {
      id: 'task-310-1700000000000',
      operation: 'upsert',
      key: { orgId: 201, incidentId: 2100, type: 'task', objectId: 310 },
      parent: { orgId: 201, incidentId: 2100, type: 'incident', objectId: 2100 },
      workspace: 'Default workspace',
      observed_at: '2023-11-14T22:13:20.000Z',
      data: { name: 'Initial triage', status: 'Open', id: 310, inc_id: 2100 },
    },
    expect.objectContaining({ operation: 'delete', data: null }),
  ]);
  expect(headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
  expect(headers['x-soar-feed-signature']).toBeUndefined();
});

it('posts the object as SOAR shapes it with format=raw', async () => {
  await webhookFeed({ url: receiver.url, format: 'raw' }).deliver(aTask(), CONTEXT);
  expect(receiver.requests[0]?.items[0]?.data).toMatchObject({ status: 'O', inc_id: 2100 });
});

it('has the same idempotency key for the same changes, and another one for others', async () => {
  await feed.deliverBatch(incidents(2), CONTEXT);
  await feed.deliverBatch(incidents(2), { ...CONTEXT, attempt: 2 });
  await feed.deliverBatch(incidents(3), CONTEXT);
  const [first, again, other] = receiver.requests.map(({ headers }) => headers['idempotency-key']);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

it('fills the templates of headers', async () => {
  feed = webhookFeed({ url: receiver.url, 'header.x-what': '{org}/{count}/{batch}', token: 'abc' });
  await feed.deliverBatch(incidents(2), CONTEXT);
  const { headers } = receiver.requests[0] ?? NOTHING;
  expect(headers['x-what']).toBe(`201/2/${headers['idempotency-key'] as string}`);
  expect(headers.authorization).toBe('Bearer abc');
});

it('takes the receiver’s word for each item', async () => {
  receiver.say = ({ key }) =>
    ({
      3000: { status: 'delivered' },
      3001: { status: 'retry', retry_after: 7, code: 'busy' },
      3002: { status: 'failed', code: 'too-old' },
      3003: { status: 'perhaps' },
    })[key.incidentId];
  const outcomes = await feed.deliverBatch(incidents(4), CONTEXT);
  expect(kinds(outcomes)).toEqual(['delivered', 'retryable', 'permanent', 'retryable']);
  const [, retry, failed] = outcomes as [unknown, { error: Error }, { error: Error }];
  expect(retry.error).toMatchObject({ code: 'webhook-item-retry', retryAfterMs: 7_000 });
  expect(failed.error.message).toContain('(too-old)');
});

it('posts an object’s changes one after another, and holds the newer back until the older was sent again', async () => {
  const versions = [1, 2, 3].map((vers) => anIncident({ payload: { vers } }));
  await feed.deliverBatch([...versions, aTask()], CONTEXT);
  expect(receiver.requests.map(({ items }) => items.length)).toEqual([1, 1, 2]);

  receiver.requests.length = 0;
  receiver.say = () => ({ status: 'retry' });
  const outcomes = await feed.deliverBatch([...versions, aTask()], CONTEXT);
  expect(kinds(outcomes)).toEqual(['retryable', 'retryable', 'retryable', 'retryable']);
  expect(receiver.requests).toHaveLength(1);
});

it('keeps a body below batch_bytes', async () => {
  feed = webhookFeed({ url: receiver.url, batch_bytes: '2KB' });
  await feed.deliverBatch(incidents(20), CONTEXT);
  expect(receiver.requests.length).toBeGreaterThan(3);
  for (const { body } of receiver.requests) expect(body.length).toBeLessThan(2_200);
});

it('finds the one change that makes the receiver refuse a batch; the others arrive', async () => {
  receiver.refuse = ({ items }) => (items.some(({ key }) => key.incidentId === 3_037) ? { status: 413 } : undefined);
  const outcomes = await feed.deliverBatch(incidents(100), CONTEXT);
  expect(kinds(outcomes).filter((kind) => kind !== 'delivered')).toEqual(['permanent']);
  expect(kinds(outcomes)[37]).toBe('permanent');
  expect(receiver.objects.size).toBe(99);
  expect(receiver.requests.length).toBeLessThan(20);
});

it.each([
  [429, { 'retry-after': '11' }, { kind: 'retryable', code: 'webhook-429', retryAfterMs: 11_000 }],
  [503, {}, { kind: 'retryable', code: 'webhook-503' }],
  [401, {}, { kind: 'unavailable', code: 'webhook-401' }],
  [403, {}, { kind: 'unavailable', code: 'webhook-403' }],
  [404, {}, { kind: 'unavailable', code: 'webhook-404' }],
  [400, {}, { kind: 'permanent', code: 'webhook-400' }],
])('takes a %i for what it is', async (status, headers, expected) => {
  receiver.refuse = () => ({ status, headers });
  await expect(feed.deliver(anIncident(), CONTEXT)).rejects.toMatchObject(expected);
});

it('blames a change that alone is forbidden, not the login', async () => {
  receiver.refuse = ({ items }) => (items.length > 0 ? { status: 403 } : undefined);
  await expect(feed.deliver(anIncident(), CONTEXT)).rejects.toMatchObject({ kind: 'permanent', code: 'webhook-403' });
});

it('does not follow a redirect: the body would go to another place', async () => {
  const other = await Receiver.start();
  receiver.refuse = () => ({ status: 307, headers: { location: other.url } });
  const error = await feed.deliver(anIncident(), CONTEXT).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ kind: 'unavailable', code: 'webhook-redirect' });
  expect((error as Error).message).toContain(`to ${new URL(other.url).host}`);
  expect(other.requests).toHaveLength(0);
  await other.stop();
});

it('tries again where no answer comes in time', async () => {
  feed = webhookFeed({ url: receiver.url, request_timeout: '150ms' });
  receiver.isSilent = true;
  await expect(feed.deliver(anIncident(), CONTEXT)).rejects.toMatchObject({
    kind: 'retryable',
    code: 'webhook-timeout',
  });
});

it('leaves no connection behind', async () => {
  await feed.deliver(anIncident(), CONTEXT);
  expect(await receiver.connections()).toBe(1);
  await feed.close();
  while ((await receiver.connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

it('goes through a proxy, with its login', async () => {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    const { port } = new URL(request.url ?? '');
    const on = connect(Number(port), '127.0.0.1');
    const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    on.write(`POST /hook HTTP/1.1\r\n${lines.join('')}\r\n`);
    request.pipe(on, { end: false });
    on.pipe(response.socket as never);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const { port } = proxy.address() as AddressInfo;
  feed = webhookFeed({
    ...{ url: receiver.url, proxy_host: '127.0.0.1', proxy_port: String(port) },
    ...{ proxy_user: 'me', proxy_password: 'pw' },
  });
  await feed.deliver(anIncident(), CONTEXT);
  expect(asked).toEqual([`POST ${receiver.url} Basic ${Buffer.from('me:pw').toString('base64')}`]);
  proxy.closeAllConnections();
  await new Promise((done) => proxy.close(done));
});
