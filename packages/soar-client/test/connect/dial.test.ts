import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SoarClient, SoarQueue } from '../../src/index.js';
import type { Dial, SoarConnection } from '../../src/index.js';

/** What HTTP calls on a socket, doing nothing. */
const asSocket = (stream: Duplex): Duplex => {
  const itself = () => stream;
  return Object.assign(stream, {
    ...{ encrypted: true, setTimeout: itself, setKeepAlive: itself, setNoDelay: itself, ref: itself, unref: itself },
  });
};

let simulator: Simulator;
const connection: SoarConnection = {
  host: 'soar.example.com',
  org: 'Source',
  apiKeyId: 'key-201',
  apiKeySecret: 'secret-201',
};

beforeAll(async () => {
  simulator = await startSimulator({ orgs: [{ id: 201, name: 'Source' }], sockets: false });
});
afterAll(() => simulator.stop());

const dialled: string[] = [];
const dial: Dial = ({ host, port }) => {
  dialled.push(`${host}:${port}`);
  const [ours, theirs] = duplexPair();
  simulator.accept(port === 65_001 ? 'stomp' : 'rest', asSocket(theirs));
  setImmediate(() => ours.emit('secureConnect'));
  return asSocket(ours);
};

it('REST and STOMP go over the connections that dial opens', async () => {
  const client = await SoarClient.connect(connection, { dial });
  const { id } = await client.incidents.create({ name: 'Over no socket', discovered_date: 1 });
  const queue = SoarQueue.open(connection, client.org.id, 'feed_data', { onMessage: () => undefined, dial });
  await queue.ready;
  expect(simulator.dump(client.org.id).incidents).toMatchObject([{ id }]);
  expect([...new Set(dialled)]).toEqual(['soar.example.com:443', 'soar.example.com:65001']);
  await queue.close();
  await client.close();
});

it('a connection that cannot be dialled was never sent', async () => {
  const refused: Dial = () => {
    const [ours] = duplexPair();
    setImmediate(() => ours.destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })));
    return asSocket(ours);
  };
  const short = { ...connection, retries: { max: 0, delayMs: 1, backoff: 1 } };
  await expect(SoarClient.connect(short, { dial: refused })).rejects.toMatchObject({ code: 'connection-refused' });
});
