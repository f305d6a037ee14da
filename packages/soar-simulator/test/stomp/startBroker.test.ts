import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startBroker, type BrokerOptions } from '../../src/stomp/startBroker.js';
import { RawClient, until } from './RawClient.js';

const queue = 'actions.201.feed_data';
let broker: Awaited<ReturnType<typeof startBroker>>;
let clients: RawClient[] = [];

const auth: BrokerOptions['auth'] = {
  authenticate(login, passcode) {
    if (login === 'ldap') throw new Error('unable to connect to authentication service');
    return login === 'key' && passcode === 'secret' ? { principalId: 7 } : undefined;
  },
  mayConsume: (principalId, name) => principalId === 7 && name === queue,
};

async function start(more: Partial<BrokerOptions> = {}): Promise<void> {
  await broker?.stop();
  broker = await startBroker({ host: '127.0.0.1', port: 0, auth, now: () => 1_700_000_000_000, ...more });
}

async function login(headers?: string): Promise<RawClient> {
  const client = await RawClient.login(broker.port, headers);
  clients.push(client);
  return client;
}

async function publish(...bodies: string[]): Promise<void> {
  for (const body of bodies) {
    await broker.publish({
      destination: queue,
      headers: { 'reply-to': '/queue/acks.201.feed_data', 'correlation-id': 'invid:80' },
      body,
    });
  }
}

const text = async (client: RawClient) => (await client.next('MESSAGE')).body.toString();

beforeEach(() => start());
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await broker.stop();
});

describe('connecting', () => {
  it('agrees on the highest version and answers the heart-beat the client asks for', async () => {
    const client = await RawClient.open(broker.port);
    clients.push(client);
    client.write(
      'CONNECT\r\nlogin:key\r\npasscode:secret\r\naccept-version:1.0,1.1,1.2\r\nheart-beat:0,15000\r\n\r\n\0',
    );
    const { headers } = await client.next('CONNECTED');
    expect(headers).toMatchObject({ version: '1.2', 'heart-beat': '15000,0' });
    expect(headers['server']).toMatch(/^ActiveMQ\//);
  });

  it.each([
    ['login:key\npasscode:wrong\n', 'User name [key] or password is invalid.'],
    ['login:ldap\npasscode:x\n', 'unable to connect to authentication service'],
    ['login:key\npasscode:secret\naccept-version:2.0\n', 'supported versions are'],
  ])('refuses %j with an ERROR and closes', async (headers, reason) => {
    const client = await RawClient.open(broker.port);
    client.write(`CONNECT\n${headers}\n\0`);
    expect((await client.next('ERROR')).body.toString()).toContain(reason);
    await until(() => client.closed);
  });

  it('refuses commands before CONNECT', async () => {
    const client = await RawClient.open(broker.port);
    client.write(`SUBSCRIBE\nid:1\ndestination:${queue}\n\n\0`);
    expect((await client.next('ERROR')).body.toString()).toContain('Not connected');
    await until(() => client.closed);
  });

  it('beats as agreed, and drops a client that stops beating', async () => {
    const listener = await login('accept-version:1.2\nheart-beat:0,20\n');
    await until(() => listener.beats >= 3);
    const silent = await login('accept-version:1.2\nheart-beat:40,0\n');
    await until(() => silent.closed);
    expect(listener.closed).toBe(false);
  });
});

describe('consuming', () => {
  it('delivers with the headers of ActiveMQ and takes individual acks out of order', async () => {
    const client = await login();
    client.subscribe(`/queue/${queue}`);
    await publish('one', 'two', 'three');
    const [one, two, three] = [
      await client.next('MESSAGE'),
      await client.next('MESSAGE'),
      await client.next('MESSAGE'),
    ];
    expect(one.headers).toMatchObject({
      destination: `/queue/${queue}`,
      subscription: `sub-/queue/${queue}`,
      'reply-to': '/queue/acks.201.feed_data',
      'correlation-id': 'invid\\c80',
      persistent: 'true',
      priority: '4',
      expires: '0',
      timestamp: '1700000000000',
    });
    expect(one.headers).not.toHaveProperty('content-length');
    client.ack(three);
    client.ack(one);
    await until(() => broker.acked.length === 2);
    expect(broker.acked).toEqual([
      { queue, messageId: three.headers['message-id'] },
      { queue, messageId: one.headers['message-id'] },
    ]);
    expect([broker.depth(queue), broker.unacked(queue), broker.consumers(queue)]).toEqual([1, 1, 1]);
    client.ack(two);
    await until(() => broker.depth(queue) === 0);
  });

  it('acknowledges by message-id before 1.2', async () => {
    const client = await login('accept-version:1.1\n');
    client.subscribe(queue);
    await publish('one', 'two');
    const [one, two] = [await client.next('MESSAGE'), await client.next('MESSAGE')];
    expect(one.headers).not.toHaveProperty('ack');
    const id = two.headers['message-id']?.replaceAll(':', '\\c');
    client.write(`ACK\nsubscription:sub-${queue}\nmessage-id:${id}\n\n\0`);
    await until(() => broker.acked.length === 1);
    expect(broker.acked[0]?.messageId).toBe(two.headers['message-id']);
  });

  it('acknowledges everything before it in mode client, and at once in mode auto', async () => {
    const client = await login();
    client.write(`SUBSCRIBE\nid:1\ndestination:${queue}\nack:client\n\n\0`);
    await publish('one', 'two', 'three');
    await client.next('MESSAGE');
    client.ack(await client.next('MESSAGE'));
    await until(() => broker.acked.length === 2);
    client.write('UNSUBSCRIBE\nid:1\n\n\0');
    client.write(`SUBSCRIBE\nid:2\ndestination:${queue}\n\n\0`);
    await until(() => broker.acked.length === 3);
    await publish(...Array.from({ length: 20_000 }, (_, index) => String(index)));
    await until(() => broker.depth(queue) === 0);
  });

  it('pushes no more than the prefetch, and shares a queue among its consumers', async () => {
    const [first, second] = [await login(), await login()];
    first.subscribe(queue, 2);
    await publish('a', 'b', 'c', 'd', 'e');
    await first.roundTrip();
    expect(first.frames.map((frame) => frame.body.toString())).toEqual(['a', 'b']);
    second.subscribe(queue, 2);
    await second.roundTrip();
    expect(second.frames.map((frame) => frame.body.toString())).toEqual(['c', 'd']);
    first.ack(await first.next('MESSAGE'));
    await first.roundTrip();
    expect(first.frames.map((frame) => frame.body.toString())).toEqual(['b', 'e']);
    expect([broker.depth(queue), broker.unacked(queue)]).toEqual([4, 4]);
  });

  it('redelivers what a lost connection held: same message id, new ack id, in order', async () => {
    const first = await login();
    first.subscribe(queue);
    await publish('a', 'b', 'c');
    const [a, b, c] = [await first.next('MESSAGE'), await first.next('MESSAGE'), await first.next('MESSAGE')];
    first.ack(b);
    await until(() => broker.acked.length === 1);
    broker.dropConnections();
    expect([broker.depth(queue), broker.unacked(queue), broker.consumers(queue)]).toEqual([2, 0, 0]);
    await until(() => first.closed);

    const second = await login();
    second.subscribe(queue);
    const [againA, againC] = [await second.next('MESSAGE'), await second.next('MESSAGE')];
    expect(againA.headers['message-id']).toBe(a.headers['message-id']);
    expect(againC.headers['message-id']).toBe(c.headers['message-id']);
    expect(againA.headers['redelivered']).toBe('true');
    expect(againA.headers['ack']).not.toBe(a.headers['ack']);
    second.ack(a); // of the dead session
    expect((await second.next('ERROR')).headers['message']).toContain('Unexpected ACK');
    expect(second.closed).toBe(false);
  });

  it('can leave the redelivered header out', async () => {
    await start({ redeliveredHeader: false });
    const first = await login();
    first.subscribe(queue);
    await publish('a');
    await first.next('MESSAGE');
    first.destroy();
    const second = await login();
    second.subscribe(queue);
    expect((await second.next('MESSAGE')).headers).not.toHaveProperty('redelivered');
  });

  it('takes a refused message out of the queue for good, into the dead letter queue', async () => {
    const client = await login();
    client.subscribe(queue);
    await publish('poison', 'good');
    const poison = await client.next('MESSAGE');
    client.write(`NACK\nid:${poison.headers['ack']?.replaceAll(':', '\\c')}\n\n\0`);
    await client.roundTrip();
    expect([broker.depth(queue), broker.depth('ActiveMQ.DLQ'), broker.acked.length]).toEqual([1, 1, 0]);
    broker.dropConnections();
    const second = await login();
    second.subscribe(queue);
    expect(await text(second)).toBe('good');
    await second.roundTrip();
    expect(second.frames).toEqual([]);
  });

  it('delivers twice when asked to', async () => {
    const client = await login();
    client.subscribe(queue);
    broker.duplicateNext(2);
    await publish('a', 'b', 'c');
    const messages = [];
    for (let count = 0; count < 5; count += 1) messages.push(await client.next('MESSAGE'));
    expect(messages.map(({ body }) => body.toString())).toEqual(['a', 'a', 'b', 'b', 'c']);
    expect(messages[0]?.headers['message-id']).toBe(messages[1]?.headers['message-id']);
    expect(messages[0]?.headers['ack']).not.toBe(messages[1]?.headers['ack']);
  });

  it.each([
    ['SUBSCRIBE\nid:1\ndestination:actions.201.other\nreceipt:r\n', 'is not authorized to create queue'],
    [`SUBSCRIBE\ndestination:${queue}\nreceipt:r\n`, 'without a subscription id'],
    ['ACK\nreceipt:r\n', 'without an ack id'],
    ['UNSUBSCRIBE\nid:9\nreceipt:r\n', 'No subscription matched'],
    ['SEND\ndestination:acks.201.other\nreceipt:r\n', 'is not authorized to write'],
    [`BEGIN\ntransaction:1\nreceipt:r\n`, 'no transactions'],
  ])('answers %j with an ERROR instead of the receipt and goes on', async (frame, reason) => {
    const client = await login();
    client.write(`${frame}\n\0`);
    const error = await client.next('ERROR');
    expect(error.headers).toMatchObject({ 'receipt-id': 'r' });
    expect(error.headers['message']).toContain(reason);
    await client.roundTrip();
    expect(client.frames).toEqual([]);
  });

  it('refuses a second subscription of one id', async () => {
    const client = await login();
    client.subscribe(queue);
    client.subscribe(queue);
    expect((await client.next('ERROR')).headers['message']).toContain('Already subscribed');
  });
});

describe('frames', () => {
  it('hands replies to the platform with unescaped headers and gives the receipt', async () => {
    const client = await login();
    const seen: string[] = [];
    broker.onReply((reply) => seen.push(reply.body));
    client.write(
      'SEND\ndestination:/queue/acks.201.feed_data\ncorrelation-id:invid\\c80\nodd:C\\c\\\\new\\nline\nreceipt:r-1\n\n{"complete":true}\0',
    );
    expect((await client.next('RECEIPT')).headers['receipt-id']).toBe('r-1');
    expect(seen).toEqual(['{"complete":true}']);
    expect(broker.replies).toEqual([
      {
        destination: 'acks.201.feed_data',
        headers: { 'correlation-id': 'invid:80', odd: 'C:\\new\nline' },
        body: '{"complete":true}',
      },
    ]);
  });

  it('gives the receipt of a DISCONNECT and then closes, giving back what was held', async () => {
    const client = await login();
    client.subscribe(queue);
    await publish('a');
    await client.next('MESSAGE');
    client.write('DISCONNECT\nreceipt:bye\n\n\0');
    expect((await client.next('RECEIPT')).headers['receipt-id']).toBe('bye');
    await until(() => client.closed);
    expect([broker.depth(queue), broker.unacked(queue)]).toEqual([1, 0]);
  });

  it('understands frames that arrive byte by byte, with heart-beats between and NULs inside', async () => {
    const client = await login();
    const frame = 'SEND\ndestination:acks.201.feed_data\ncontent-length:3\n\na\0b\0';
    for (const byte of Buffer.from(`\n\r\n${frame}\n\n${frame}`)) client.write(Buffer.from([byte]));
    await until(() => broker.replies.length === 2);
    expect(broker.replies.map((reply) => reply.body)).toEqual(['a\0b', 'a\0b']);
  });

  it.each([
    ['SEND\nno colon\n\n\0', 'Unable to parse header line'],
    ['SEND\ndestination:a\\tb\n\n\0', 'Undefined escape'],
    ['SEND\ncontent-length:2\n\nabcdef\0', 'does not end after content-length'],
    ['GET / HTTP/1.1\n\n\0', 'Unknown STOMP action'],
  ])('ends a connection that speaks %j', async (bytes, reason) => {
    const client = await login();
    client.write(bytes);
    expect((await client.next('ERROR')).body.toString()).toContain(reason);
    await until(() => client.closed);
  });

  it('carries bodies of 1 MB both ways', async () => {
    const client = await login();
    client.subscribe(queue);
    const large = 'ä🙂'.repeat(175_000);
    await publish(large);
    const message = await client.next('MESSAGE');
    expect(message.body.length).toBeGreaterThan(1_000_000);
    expect(message.body.toString() === large).toBe(true);
    client.write(Buffer.from(`SEND\ndestination:acks.201.feed_data\n\n${large}\0`));
    await until(() => broker.replies.length === 1);
    expect(broker.replies[0]?.body === large).toBe(true);
  });

  it('writes lone surrogates as three bytes, and pairs as two units when told to', async () => {
    await publish('x\ud83d', '🙂');
    const client = await login();
    client.subscribe(queue);
    expect((await client.next('MESSAGE')).body.toString('hex')).toBe('78eda0bd');
    expect((await client.next('MESSAGE')).body.toString('hex')).toBe('f09f9982');
    await start({ bodyEncoding: 'cesu-8' });
    await publish('🙂x');
    const other = await login();
    other.subscribe(queue);
    expect((await other.next('MESSAGE')).body.toString('hex')).toBe('eda0bdedb98278');
  });
});

describe('restart', () => {
  it('keeps port and persistent messages, and forgets that they were delivered before', async () => {
    const client = await login();
    client.subscribe(queue);
    await publish('held');
    await client.next('MESSAGE');
    client.write(`SEND\ndestination:${queue}\n\nnot persistent\0`);
    await client.next('MESSAGE');
    const { port } = broker;
    const restarted = broker.restart(30);
    await until(() => client.closed);
    await publish('while down');
    await expect(RawClient.open(port)).rejects.toThrow('ECONNREFUSED');
    await restarted;
    expect(broker.port).toBe(port);
    const second = await login();
    second.subscribe(queue);
    const again = await second.next('MESSAGE');
    expect(again.body.toString()).toBe('held');
    expect(again.headers).not.toHaveProperty('redelivered');
    expect(await text(second)).toBe('while down');
    await second.roundTrip();
    expect(second.frames).toEqual([]);
  });

  it('does not listen again when it was stopped meanwhile', async () => {
    const { port } = broker;
    const restarted = broker.restart(20);
    await broker.stop();
    await restarted;
    await expect(RawClient.open(port)).rejects.toThrow('ECONNREFUSED');
  });
});
