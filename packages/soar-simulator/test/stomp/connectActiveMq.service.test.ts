import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasActiveMq, startActiveMq } from '@soar-feed/feed-testkit';
import type { ActiveMq } from '@soar-feed/feed-testkit';
import { connectActiveMq } from '../../src/stomp/connectActiveMq.js';
import { RawClient, until } from './RawClient.js';

const queue = 'actions.201.feed_data';
const headers = {
  'reply-to': '/queue/acks.201.feed_data',
  'correlation-id': 'invid:80',
  Co3MessagePayload: 'ActionDataDTO',
};

if (!hasActiveMq() && process.env['REQUIRE_SERVICES']) throw new Error('ActiveMQ is not installed');

(hasActiveMq() ? describe : describe.skip)('connectActiveMq with a real ActiveMQ', () => {
  let service: ActiveMq;
  let broker: Awaited<ReturnType<typeof connectActiveMq>>;
  let ca: string;

  beforeAll(async () => {
    service = await startActiveMq({ users: { key: 'secret' } });
    ca = await readFile(service.caFile, 'utf8');
    broker = await connectActiveMq({ url: service.url, login: 'key', passcode: 'secret', caFile: service.caFile });
  });
  afterAll(async () => {
    await broker?.stop();
    await service?.remove();
  });

  const login = () => RawClient.login(service.port, 'accept-version:1.2\n', ca);

  it('delivers text messages that nack, ack and prefetch treat as our own broker does', async () => {
    for (const body of ['one', 'two 🙂', 'three']) await broker.publish({ destination: queue, headers, body });
    const client = await login();
    client.subscribe(queue, 2);
    const [one, two] = [await client.next('MESSAGE', 10_000), await client.next('MESSAGE')];
    expect(one.headers).toMatchObject({
      destination: `/queue/${queue}`,
      'reply-to': '/queue/acks.201.feed_data',
      'correlation-id': 'invid\\c80',
      Co3MessagePayload: 'ActionDataDTO',
      persistent: 'true',
      priority: '4',
      expires: '0',
    });
    expect(one.headers).not.toHaveProperty('content-length');
    expect(two.body.toString()).toBe('two 🙂');
    await client.roundTrip();
    expect(client.frames).toEqual([]); // the prefetch holds the third back
    client.ack(two);
    const three = await client.next('MESSAGE');
    client.destroy();

    const second = await login();
    second.subscribe(queue);
    const again = await second.next('MESSAGE', 10_000);
    expect(again.headers).toMatchObject({ 'message-id': one.headers['message-id'], redelivered: 'true' });
    expect(again.headers['ack']).not.toBe(one.headers['ack']);
    second.write(`NACK\nid:${again.headers['ack']?.replaceAll(':', '\\c')}\n\n\0`);
    const last = await second.next('MESSAGE');
    expect(last.headers['message-id']).toBe(three.headers['message-id']);
    second.ack(last);
    await second.roundTrip();
    second.write('SUBSCRIBE\nid:dlq\ndestination:ActiveMQ.DLQ\nack:auto\n\n\0');
    expect((await second.next('MESSAGE')).body.toString()).toBe('one');
    second.destroy();
  });

  it('hears the replies', async () => {
    const seen: unknown[] = [];
    broker.onReply((reply) => seen.push(reply));
    const client = await login();
    client.write('SEND\ndestination:/queue/acks.201.feed_data\ncorrelation-id:invid\\c80\n\n{"complete":true}\0');
    await until(() => seen.length > 0, 10_000);
    client.destroy();
    expect(seen).toContainEqual(
      expect.objectContaining({
        destination: 'acks.201.feed_data',
        headers: expect.objectContaining({ 'correlation-id': 'invid:80' }),
        body: '{"complete":true}',
      }),
    );
  });

  it('loses nothing that was published around a kill and restart of the service', async () => {
    await broker.publish({ destination: queue, headers, body: 'before' });
    await service.kill();
    const published = [1, 2, 3].map((body) => broker.publish({ destination: queue, headers, body: `down ${body}` }));
    await service.start();
    await Promise.all(published);
    const client = await login();
    client.subscribe(queue);
    const bodies = [];
    for (let count = 0; count < 4; count += 1) bodies.push((await client.next('MESSAGE', 10_000)).body.toString());
    client.destroy();
    expect(bodies).toEqual(['before', 'down 1', 'down 2', 'down 3']);
  });

  it('says that the service refuses the login', async () => {
    const wrong = connectActiveMq({ url: service.url, login: 'key', passcode: 'wrong', caFile: service.caFile });
    await expect(wrong).rejects.toThrow('User name [key] or password is invalid.');
  });
});
