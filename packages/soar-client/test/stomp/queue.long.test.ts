import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ReplyType, SoarQueue } from '../../src/index.js';
import type { QueueMessage, QueueOptions, QueueState, SoarConnection, StompConnection } from '../../src/index.js';
import { reconnectDelayMs } from '../../src/stomp/reconnectDelayMs.js';
import { failureFrom } from '../support/failureFrom.js';
import type { ScriptedBroker } from '../support/scriptedBroker.js';
import { scriptedBroker } from '../support/scriptedBroker.js';
import { waitFor } from '../support/waitFor.js';

const ORG = 201;
const QUEUE = `actions.${ORG}.feed_data`;

let simulator: Simulator;
let queues: SoarQueue[];
let brokers: ScriptedBroker[];
let states: QueueState[];
let received: QueueMessage[];

beforeAll(async () => {
  simulator = await startSimulator({
    orgs: [
      {
        id: ORG,
        name: 'Source',
        apiKeys: [
          { keyId: 'feeder', secret: 's3cret' },
          { keyId: 'stranger', secret: 's3cret' },
        ],
        destinations: [{ name: 'feed_data', principals: ['feeder'] }],
        feedQueue: false,
      },
    ],
  });
});
afterAll(() => simulator.stop());
beforeEach(() => {
  queues = [];
  brokers = [];
  states = [];
  received = [];
});
afterEach(async () => {
  await Promise.all(queues.map((queue) => queue.close()));
  await Promise.all(brokers.map((broker) => broker.stop()));
  await drain();
});

function connection(more: Partial<SoarConnection> = {}, stomp: StompConnection = {}): SoarConnection {
  return {
    host: '127.0.0.1',
    cafile: simulator.caFile,
    apiKeyId: 'feeder',
    apiKeySecret: 's3cret',
    stomp: { port: simulator.stompPort, ...stomp },
    ...more,
  };
}

function open(more: Partial<QueueOptions> = {}, to = connection(), name = 'feed_data'): SoarQueue {
  const queue = SoarQueue.open(to, ORG, name, {
    onMessage: (message) => void received.push(message),
    onState: (state) => void states.push(state),
    ...more,
  });
  queues.push(queue);
  return queue;
}

/** Takes what a test left, so that the next one finds the queue empty. */
async function drain(): Promise<void> {
  const queue = open({ onMessage: (message) => message.ack(), onState: () => undefined });
  await queue.ready;
  await waitFor('an empty queue', () => simulator.broker.depth(QUEUE) === 0);
  await queue.close();
}

const publish = (body: string, headers: Record<string, string> = {}) =>
  simulator.broker.publish({ destination: QUEUE, headers, body });
const bodies = () => received.map((message) => message.body);
const kinds = () => states.map(({ state }) => state);
const last = <T>(list: readonly T[]): T => list[list.length - 1] as T;

describe('a message', () => {
  it('is acknowledged once, however often that is asked for', async () => {
    const frame = `MESSAGE\nsubscription:${QUEUE}\nmessage-id:m1\nack:a1\n\n{}\0`;
    const broker = await script(() => ['CONNECTED\nversion:1.2\n\n\0', `RECEIPT\nreceipt-id:subscribed\n\n\0${frame}`]);
    const queue = open({}, through(broker));
    await waitFor('the message', () => received.length === 1);
    for (let n = 0; n < 3; n++) received[0]?.ack();
    received[0]?.reply({ type: ReplyType.information, message: 'done', complete: true });
    await waitFor('what came after', () => broker.heard().includes('SEND'));
    expect(broker.heard().match(/\bACK\n/g)).toHaveLength(1);
    await queue.close();
  });

  it('answered while the line is down keeps its answer, the newest thousand of them', async () => {
    const frame = `MESSAGE\nsubscription:${QUEUE}\nmessage-id:m1\nack:a1\n\n{}\0`;
    const broker = await script((session) => [
      'CONNECTED\nversion:1.2\n\n\0',
      `RECEIPT\nreceipt-id:subscribed\n\n\0${session === 1 ? frame : ''}`,
    ]);
    open({}, through(broker));
    await waitFor('the message', () => received.length === 1);
    broker.drop();
    await waitFor('the loss', () => kinds().includes('disconnected'));
    for (let n = 1; n <= 1_003; n++) {
      received[0]?.reply({ type: ReplyType.information, message: `reply ${n}.`, complete: true });
    }
    await waitFor('the replies', () => broker.heard().includes('reply 1003.'), 10_000);
    expect(broker.heard().match(/"reply \d+\."/g)).toHaveLength(1_000);
    expect(broker.heard()).toContain('"reply 4."');
    expect(broker.heard()).not.toContain('"reply 3."');
  }, 20_000);

  it('too large is handed over as its beginning, and the session goes on', async () => {
    await open({}, connection({}, { maxMessageBytes: 100_000 })).ready;
    await publish('x'.repeat(300_000), { 'correlation-id': 'invid:80' });
    await publish('next');
    await waitFor('two messages', () => received.length === 2);
    expect(received[0]).toMatchObject({ cutFromBytes: 300_000, headers: { 'correlation-id': 'invid:80' } });
    expect(received[0]?.body).toBe('x'.repeat(65_536));
    expect(received[0]?.headers).not.toHaveProperty('soar-feed-cut-from');
    expect(received[1]).toMatchObject({ body: 'next' });
    expect(received[1]).not.toHaveProperty('cutFromBytes');
    for (const message of received) message.ack();
    await waitFor('an empty queue', () => simulator.broker.depth(QUEUE) === 0);
    expect(kinds()).toEqual(['connecting', 'connected']);
  });

  it('is handed over with its headers and taken off the queue by its own acknowledgement, in any order', async () => {
    await open().ready;
    for (const body of ['a', 'b', 'c']) await publish(body, { 'correlation-id': 'invid:80', Co3ContextToken: 'token' });
    await waitFor('three messages', () => received.length === 3);
    expect(bodies()).toEqual(['a', 'b', 'c']);
    expect(received[0]?.headers).toMatchObject({ 'correlation-id': 'invid:80', Co3ContextToken: 'token' });
    expect(received[0]?.redelivered).toBe(false);
    const before = simulator.broker.acked.length;
    received[2]?.ack();
    received[0]?.ack();
    received[0]?.ack();
    await waitFor('two acknowledgements', () => simulator.broker.acked.length === before + 2);
    expect(simulator.broker.depth(QUEUE)).toBe(1);
    expect(simulator.broker.acked.slice(before).map(({ messageId }) => messageId)).toEqual([
      received[2]?.messageId,
      received[0]?.messageId,
    ]);
  });

  it('is answered where it asks for it, with its correlation-id, as text', async () => {
    await open().ready;
    await publish('{}', { 'correlation-id': 'invid:80', 'reply-to': `/queue/acks.${ORG}.feed_data` });
    await publish('{}');
    await waitFor('two messages', () => received.length === 2);
    const before = simulator.broker.replies.length;
    received[0]?.reply({ type: ReplyType.error, message: 'naïve 😀', complete: true });
    received[1]?.reply({ type: ReplyType.information, message: 'ok', complete: true, results: { n: 1 } });
    await waitFor('two replies', () => simulator.broker.replies.length === before + 2);
    const [first, second] = simulator.broker.replies.slice(before);
    expect(first?.destination).toBe(`acks.${ORG}.feed_data`);
    expect(first?.headers['correlation-id']).toBe('invid:80');
    expect(first?.headers['content-length']).toBeUndefined();
    expect(first?.headers['persistent']).toBe('true'); // a broker that crashes must not lose what it acknowledged
    expect(JSON.parse(first?.body ?? '')).toEqual({ message_type: 1, message: 'naïve 😀', complete: true });
    expect(second?.destination).toBe(`acks.${ORG}.feed_data`);
    expect(JSON.parse(second?.body ?? '')).toEqual({
      message_type: 0,
      message: 'ok',
      complete: true,
      results: { n: 1 },
    });
  });

  it('that wants its answer elsewhere than at an acks queue of its organization is not answered, and told of once', async () => {
    const told: string[] = [];
    await open({ log: (level, message) => void told.push(`${level}: ${message}`) }).ready;
    const elsewhere = [
      ...['/queue/acks.202.feed_data', '/queue/actions.201.feed_data', '/topic/acks.201.feed_data', 'acks.2011.x', ''],
      ...['/queue/acks.201.a,/queue/other', '/queue/acks.201.', '/queue/acks.201.>', '/queue/acks.201.a?x=1'],
      ...['/queue/acks.201.a\n', '/queue/acks.0201.a', '/temp-queue/acks.201.a', '__proto__'],
    ];
    for (const destination of elsewhere) await publish('{}', { 'reply-to': destination });
    await publish('{}', { 'reply-to': `/queue/acks.${ORG}.feed_data` });
    await waitFor('all messages', () => received.length === elsewhere.length + 1);
    const [replies, acks] = [simulator.broker.replies.length, simulator.broker.acked.length];
    for (const message of received) {
      message.reply({ type: ReplyType.information, message: 'ok', complete: true });
      message.ack();
    }
    await waitFor('the acknowledgements', () => simulator.broker.acked.length === acks + received.length);
    expect(simulator.broker.replies.slice(replies).map(({ destination }) => destination)).toEqual([
      `acks.${ORG}.feed_data`,
    ]);
    expect(told).toEqual([expect.stringMatching(/^warn: .*"\/queue\/acks\.202\.feed_data".*not answered/)]);
  });

  it('of 1 MB with every kind of character arrives as it is', async () => {
    await open().ready;
    const body = JSON.stringify({ text: 'äöü 日本 😀 עברית \\n " \u0001'.repeat(25_000) });
    expect(Buffer.byteLength(body)).toBeGreaterThan(1_000_000);
    await publish(body);
    await waitFor('the message', () => received.length === 1, 10_000);
    expect(received[0]?.body === body).toBe(true);
  }, 15_000);

  it('waits in the broker while as many as the prefetch are not acknowledged', async () => {
    await open({ prefetch: 3 }).ready;
    for (let i = 0; i < 8; i++) await publish(String(i));
    await waitFor('the first three', () => received.length === 3);
    received[0]?.ack();
    await waitFor('the fourth', () => received.length === 4);
    expect(simulator.broker.unacked(QUEUE)).toBe(3);
    expect(bodies()).toEqual(['0', '1', '2', '3']);
  });

  it('whose handler fails is logged and stays, and the next ones come', async () => {
    const logged: unknown[] = [];
    const failing = {
      onMessage: ({ body }: QueueMessage) => (body === 'sync' ? fail('sync') : Promise.reject(new Error(body))),
    };
    await open({ ...failing, log: (level, message, details) => logged.push([level, message, details]) }).ready;
    await publish('sync');
    await publish('async');
    await waitFor('two log lines', () => logged.length === 2);
    expect(logged).toEqual([
      [
        'error',
        expect.stringContaining('handler'),
        expect.objectContaining({ queue: QUEUE, error: new Error('sync') }),
      ],
      ['error', expect.stringContaining('handler'), expect.objectContaining({ error: new Error('async') })],
    ]);
    expect(simulator.broker.depth(QUEUE)).toBe(2);
  });
});

describe('a lost session', () => {
  it('is followed by the next: unacknowledged messages come again, late acknowledgements do no harm', async () => {
    await open().ready;
    await publish('a');
    await waitFor('the message', () => received.length === 1);
    simulator.broker.dropConnections();
    await waitFor('the loss', () => kinds().includes('disconnected'));
    const before = simulator.broker.acked.length;
    received[0]?.ack();
    await waitFor('the message again', () => received.length === 2);
    received[0]?.ack();
    expect(received[1]?.messageId).toBe(received[0]?.messageId);
    expect(received[1]?.redelivered).toBe(true);
    expect(simulator.broker.acked).toHaveLength(before);
    received[1]?.ack();
    await waitFor('the acknowledgement', () => simulator.broker.acked.length === before + 1);
    expect(kinds()).toEqual(['connecting', 'connected', 'disconnected', 'connecting', 'connected']);
  });

  it('keeps replies until the broker is back', async () => {
    await open().ready;
    await publish('a', { 'correlation-id': 'x:1' });
    await waitFor('the message', () => received.length === 1);
    const before = simulator.broker.replies.length;
    const back = simulator.broker.restart(300);
    await waitFor('the loss', () => last(kinds()) !== 'connected');
    received[0]?.reply({ type: 0, message: 'late', complete: true });
    await back;
    await waitFor('the reply', () => simulator.broker.replies.length === before + 1, 10_000);
    expect(last(simulator.broker.replies).headers['correlation-id']).toBe('x:1');
  }, 15_000);

  it('is waited for longer each time, up to half a minute, never in step with others', () => {
    const delays = [1, 2, 3, 4, 5, 6, 50].map((attempt) => reconnectDelayMs(attempt, () => 1));
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(reconnectDelayMs(1, () => 0)).toBe(500);
  });
});

describe('refused', () => {
  it('a wrong secret fails for good, and is not told', async () => {
    const queue = open({}, connection({ apiKeySecret: 'wrong' }));
    const error = await failureFrom(queue.ready);
    expect(error).toMatchObject({ code: 'queue-login-refused', retryable: false });
    expect(error.message).not.toContain('wrong');
    expect(kinds()).toEqual(['connecting', 'failed']);
  });

  it('a queue that the account may not read fails for good and says what to do', async () => {
    const error = await failureFrom(open({}, connection({ apiKeyId: 'stranger' })).ready);
    expect(error.code).toBe('queue-not-authorized');
    expect(error.message).toContain(QUEUE);
    expect(error.message).toContain('message destination');
    expect((await failureFrom(open({}, connection(), 'no_such').ready)).code).toBe('queue-not-authorized');
  });

  it('an untrusted certificate is named with the way out, and tried again', async () => {
    const { cafile: _cafile, ...untrusting } = connection();
    open({}, untrusting);
    await waitFor('the refusal', () => states.length === 2);
    expect(states[1]).toMatchObject({ state: 'disconnected', error: { code: 'untrusted-certificate' } });
    expect(states[1]).toHaveProperty('error.message', expect.stringContaining('`cafile`'));
  });

  it('an unreadable cafile fails for good', async () => {
    expect((await failureFrom(open({}, connection({ cafile: '/no/such.pem' })).ready)).code).toBe('file-unreadable');
  });
});

describe('stop and close', () => {
  it('stop lets what was handed over be acknowledged, then leaves the rest to others', async () => {
    const first = open({ prefetch: 2 });
    await first.ready;
    for (const body of ['a', 'b', 'c', 'd']) await publish(body);
    await waitFor('two messages', () => received.length === 2);
    first.stop();
    const before = simulator.broker.acked.length;
    received[0]?.ack();
    received[1]?.ack();
    await waitFor('the acknowledgements', () => simulator.broker.acked.length === before + 2);
    const others: string[] = [];
    await open({ onMessage: (message) => void others.push(message.body) }).ready;
    await waitFor('the others', () => others.length === 2);
    expect(others.sort()).toEqual(['c', 'd']);
    expect(bodies()).toEqual(['a', 'b']);
  });

  it('stop while connecting leaves nothing subscribed', async () => {
    const broker = await script(() => {
      queue.stop(); // connected, but the login is not sent yet
      return ['CONNECTED\nversion:1.2\n\n\0', 'RECEIPT\nreceipt-id:subscribed\n\n\0'];
    });
    const queue = open({}, through(broker));
    await waitFor('the end of the subscription', () => broker.heard().includes(`UNSUBSCRIBE\nid:${QUEUE}`));
    expect(kinds()).toEqual(['connecting']);
  });

  it('close gives back what was not acknowledged, takes what was just before, and ends for good', async () => {
    const queue = open();
    await queue.ready;
    await publish('kept');
    await publish('done');
    await waitFor('two messages', () => received.length === 2);
    const before = simulator.broker.acked.length;
    received[1]?.ack();
    await queue.close();
    await queue.close();
    expect(simulator.broker.acked).toHaveLength(before + 1);
    expect(simulator.broker.depth(QUEUE)).toBe(1);
    expect(simulator.broker.unacked(QUEUE)).toBe(0);
    expect(kinds()).toEqual(['connecting', 'connected']);
  });

  it('close before the first session rejects ready', async () => {
    const queue = open();
    const waiting = failureFrom(queue.ready);
    await queue.close();
    expect((await waiting).code).toBe('queue-closed');
  });
});

describe('probe', () => {
  it('logs in and leaves, reading nothing', async () => {
    await publish('a');
    await SoarQueue.probe(connection());
    expect(simulator.broker.unacked(QUEUE)).toBe(0);
    expect(simulator.broker.depth(QUEUE)).toBe(1);
  });

  it('says what is wrong', async () => {
    expect((await failureFrom(SoarQueue.probe(connection({ apiKeySecret: 'wrong' })))).code).toBe(
      'queue-login-refused',
    );
    const { cafile: _cafile, ...untrusting } = connection();
    expect((await failureFrom(SoarQueue.probe(untrusting))).code).toBe('untrusted-certificate');
    const abort = AbortSignal.abort();
    expect((await failureFrom(SoarQueue.probe(connection(), { signal: abort }))).code).toBe('aborted');
  });
});

describe('a broker in trouble', () => {
  it('that hangs is noticed by its missing heart-beats and left for a new session', async () => {
    const broker = await script(() => [
      'CONNECTED\nversion:1.2\nheart-beat:60,0\n\n\0',
      'RECEIPT\nreceipt-id:subscribed\n\n\0',
    ]);
    await open({}, through(broker, { heartbeatMs: 60 })).ready;
    await waitFor('the silence', () => kinds().includes('disconnected'));
    expect(states).toContainEqual(
      expect.objectContaining({ error: expect.objectContaining({ code: 'heartbeat-lost' }) }),
    );
    await waitFor('a second session', () => broker.sessions() === 2);
  });

  it('that never answers the login is given up in time', async () => {
    const broker = await script(() => []);
    const probe = failureFrom(SoarQueue.probe(through(broker, { connectTimeoutMs: 100 })));
    expect((await probe).code).toBe('connect-timeout');
  });

  it('that dislikes one frame is not left for it', async () => {
    const logged: unknown[] = [];
    const error = 'ERROR\nmessage:User x is not authorized to write to: queue://acks\n\nSecurityException\0';
    const broker = await script(() => ['CONNECTED\nversion:1.2\n\n\0', `RECEIPT\nreceipt-id:subscribed\n\n\0${error}`]);
    await open({ log: (level, message) => logged.push([level, message]) }, through(broker)).ready;
    await waitFor('the log line', () => logged.length === 1);
    expect(logged).toEqual([['warn', expect.stringContaining('not authorized to write')]]);
    expect(kinds()).toEqual(['connecting', 'connected']);
    expect(broker.sessions()).toBe(1);
  });

  it('that cannot check logins now is tried again', async () => {
    const broker = await script((session) =>
      session === 1
        ? ['ERROR\nmessage:unable to connect to authentication service\n\nSecurityException\0']
        : ['CONNECTED\nversion:1.2\n\n\0', 'RECEIPT\nreceipt-id:subscribed\n\n\0'],
    );
    await open({}, through(broker)).ready;
    expect(states[1]).toMatchObject({ state: 'disconnected', error: { code: 'broker-not-ready' } });
  });
});

async function script(answersOf: (session: number) => string[]): Promise<ScriptedBroker> {
  const broker = await scriptedBroker(answersOf);
  brokers.push(broker);
  return broker;
}

function through(broker: ScriptedBroker, stomp: StompConnection = {}): SoarConnection {
  return connection({ cafile: broker.cafile }, { ...stomp, port: broker.port });
}

function fail(message: string): never {
  throw new Error(message);
}
