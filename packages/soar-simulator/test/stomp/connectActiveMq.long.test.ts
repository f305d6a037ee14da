import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectActiveMq } from '../../src/stomp/connectActiveMq.js';
import { startBroker } from '../../src/stomp/startBroker.js';
import { makeCertificate, type Certificate } from '../../src/tls/makeCertificate.js';
import { RawClient } from './RawClient.js';

/** Our own broker stands in for ActiveMQ here; `connectActiveMq.service.test.ts` asks the real one. */
const queue = 'actions.201.feed_data';
const message = { destination: queue, headers: { 'reply-to': '/queue/acks.201.feed_data' }, body: '{"a":1}' };
let folder: string;
let certificate: Certificate;
let server: Awaited<ReturnType<typeof startBroker>>;
let broker: Awaited<ReturnType<typeof connectActiveMq>>;

const connect = (passcode = 'secret') =>
  connectActiveMq({ url: `stomp+ssl://127.0.0.1:${server.port}`, login: 'key', passcode, caFile: certificate.caFile });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soar-simulator-'));
  certificate = await makeCertificate(folder);
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  server = await startBroker({
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    auth: {
      authenticate: (_login, passcode) => (passcode === 'secret' ? { principalId: 1 } : undefined),
      mayConsume: (_principalId, name) => name.startsWith('actions.') || name.startsWith('acks.'),
    },
  });
  broker = await connect();
});
afterEach(async () => {
  await broker.stop();
  await server.stop();
});

describe('connectActiveMq', () => {
  it('publishes persistent text messages over TLS', async () => {
    await broker.publish(message);
    const client = await RawClient.login(
      server.port,
      'accept-version:1.2\n',
      await readFile(certificate.caFile, 'utf8'),
    );
    client.subscribe(queue);
    const received = await client.next('MESSAGE');
    client.destroy();
    expect(received.body.toString()).toBe(message.body);
    expect(received.headers).toMatchObject({ persistent: 'true', 'reply-to': '/queue/acks.201.feed_data' });
    expect(received.headers).not.toHaveProperty('content-length');
  });

  it('holds what is published while the broker is away, and sends it in order when it is back', async () => {
    const restarted = server.restart(50);
    const published = [1, 2, 3].map((body) => broker.publish({ ...message, body: String(body) }));
    await restarted;
    await Promise.all(published);
    expect(server.depth(queue)).toBe(3);
    const client = await RawClient.login(
      server.port,
      'accept-version:1.2\n',
      await readFile(certificate.caFile, 'utf8'),
    );
    client.subscribe(queue);
    const bodies = [];
    for (let count = 0; count < 3; count += 1) bodies.push((await client.next('MESSAGE')).body.toString());
    client.destroy();
    expect(bodies).toEqual(['1', '2', '3']);
  });

  it('comes back after its connection was cut, and rejects what can no longer be confirmed', async () => {
    broker.dropConnections();
    await broker.publish(message);
    expect(server.depth(queue)).toBe(1);
    await server.stop();
    const lost = broker.publish(message);
    await broker.stop();
    await expect(lost).rejects.toThrow('before the message was confirmed');
    await expect(broker.publish(message)).rejects.toThrow('stopped');
  });

  it('rejects a message that the broker refuses', async () => {
    await expect(broker.publish({ ...message, destination: 'secret.queue' })).rejects.toThrow('not authorized');
  });

  it('publishes twice when asked to duplicate', async () => {
    broker.duplicateNext(1);
    await broker.publish(message);
    await broker.publish(message);
    expect(server.depth(queue)).toBe(3);
  });

  it('says why it could not connect', async () => {
    await expect(connect('wrong')).rejects.toThrow('User name [key] or password is invalid.');
    const untrusting = { url: `stomp+ssl://127.0.0.1:${server.port}`, login: 'key', passcode: 'secret' };
    await expect(connectActiveMq(untrusting)).rejects.toThrow(/certificate/);
    await expect(connectActiveMq({ ...untrusting, url: 'http://x' })).rejects.toThrow('stomp+ssl://host:port');
    await expect(broker.restart()).rejects.toThrow('restart the ActiveMQ service');
  });
});
