import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CheckLine } from '../../../src/host/check/CheckLine.js';
import { checkQueue } from '../../../src/host/check/checkQueue.js';
import { AS_ADA, CheckBench, linesOf } from './checkBench.js';

jest.setTimeout(60_000);

let bench: CheckBench;
beforeAll(async () => {
  bench = await CheckBench.start();
});
afterEach(() => bench.simulator.faults.clear());
afterAll(() => bench.stop());

type Keys = Readonly<Record<string, string | undefined>>;

async function check(resilient: Keys = {}, feeds: Keys = {}): Promise<readonly CheckLine[]> {
  const prepared = await bench.prepared(resilient, feeds);
  return linesOf(checkQueue(prepared, await bench.client(prepared), undefined));
}

const destination = async (feeds: Keys, resilient: Keys = {}): Promise<CheckLine | undefined> =>
  (await check(resilient, feeds)).find(({ subject }) => subject === 'destination');

describe('checkQueue', () => {
  it('says that the broker took the login, and that the queue may be read', async () => {
    const { host, stompPort } = bench.simulator;
    expect(await check()).toEqual([
      { subject: 'queue', state: 'ok', detail: `the broker at ${host}:${stompPort} took the login` },
      { subject: 'destination', state: 'ok', detail: 'feed_data, and key-201 may read it' },
    ]);
    expect(await check(AS_ADA)).toContainEqual({
      ...{ subject: 'destination', state: 'ok', detail: 'feed_data, and ada@example.com may read it' },
    });
  });

  it('looks at nothing where the queue is turned off', async () => {
    const before = bench.simulator.requests.total;
    const prepared = await bench.prepared({ stomp: '0', stomp_port: '1' });
    expect(await linesOf(checkQueue(prepared, undefined, undefined))).toEqual([
      { subject: 'queue', state: 'warn', detail: 'turned off by [resilient] stomp: only reloads run' },
    ]);
    expect(bench.simulator.requests.total).toBe(before);
  });

  it('looks at nothing where the organization has no queues', async () => {
    const login = { org: 'Quiet', api_key_id: 'key-202', api_key_secret: 'secret-202', stomp_port: '1' };
    expect(await check(login)).toEqual([
      {
        ...{ subject: 'queue', state: 'warn', detail: 'the organization has no action framework, hence no queues' },
        advice: 'Only reloads run; ask for the action framework if changes are to arrive as they are made.',
      },
    ]);
  });

  it('tells a broker that is away with its keys, and still looks at the destination', async () => {
    const [queue, destination] = await check({ stomp_port: '1' });
    expect(queue).toMatchObject({ state: 'fail', code: 'connection-refused' });
    expect(queue?.detail).toContain('[resilient] stomp_host, stomp_port: ');
    expect(queue?.advice).toBe('Check host and port, and that the server is up.');
    expect(destination).toMatchObject({ subject: 'destination', state: 'ok' });
  });

  it('tries the broker also where the source did not let us in', async () => {
    const prepared = await bench.prepared({ api_key_secret: 'wrong' });
    const lines = await linesOf(checkQueue(prepared, undefined, undefined));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ subject: 'queue', state: 'fail', code: 'queue-login-refused' });
    expect(lines[0]?.detail).toContain('[resilient] api_key_id, api_key_secret: ');
  });

  it('tells a certificate by the key that the broker’s is checked with', async () => {
    const prepared = await bench.prepared({ stomp_cafile: '/no/such.pem' });
    const [queue] = await linesOf(checkQueue(prepared, undefined, undefined));
    expect(queue).toMatchObject({ state: 'fail', code: 'file-unreadable' });
    expect(queue?.detail).toMatch(/^\[resilient\] stomp_cafile: .*\/no\/such\.pem/);
    const untrusted = await bench.prepared({ cafile: undefined });
    const [refused] = await linesOf(checkQueue(untrusted, undefined, undefined));
    expect(refused).toMatchObject({ code: 'untrusted-certificate' });
    expect(refused?.detail).toMatch(/^\[resilient\] cafile: /);
  });

  it('names the destinations that there are', async () => {
    expect(await destination({ queue: 'feed_dta' })).toEqual({
      ...{ subject: 'destination', state: 'fail', code: 'queue-missing' },
      detail: 'the organization has no message destination feed_dta; available: feed_data, unanswered, of_ada, of_key',
      advice: 'Create it (type queue, acknowledgement expected), or name another one in [feeds] queue.',
    });
    bench.simulator.faults.add({ path: '/message_destinations', status: 200, body: { entities: [] } });
    expect((await destination({}))?.detail).toBe(
      'the organization has no message destination feed_data; available: none',
    );
  });

  it('warns of one that loses changes', async () => {
    const advice = 'Make it of type queue, with "expect acknowledgement": else changes are lost while nobody listens.';
    expect(await destination({ queue: 'unanswered' })).toEqual({
      ...{ subject: 'destination', state: 'warn', detail: 'unanswered is without acknowledgements', advice },
    });
    const entities = [{ id: 1, programmatic_name: 'feed_data', destination_type: 1, expect_ack: true }];
    bench.simulator.faults.add({ path: '/message_destinations', status: 200, body: { entities } });
    expect(await destination({})).toMatchObject({ state: 'warn', detail: 'feed_data is a topic', advice });
  });

  it('tells which list the account is missing from', async () => {
    expect(await destination({ queue: 'of_ada' })).toMatchObject({
      ...{ state: 'fail', code: 'queue-not-authorized', detail: 'of_ada: key-201 is not among its API keys' },
      advice: 'Add it under "API keys" of the message destination, in the customization settings.',
    });
    expect(await destination({ queue: 'of_key' }, AS_ADA)).toMatchObject({
      ...{ state: 'fail', code: 'queue-not-authorized', detail: 'of_key: ada@example.com is not among its users' },
      advice: 'Add it under "users" of the message destination, in the customization settings.',
    });
    expect(await destination({ queue: 'of_ada' }, AS_ADA)).toMatchObject({ state: 'ok' });
    expect(await destination({ queue: 'of_key' })).toMatchObject({ state: 'ok' });
  });

  it('takes a list that it may not see as usual, and any other fault as one', async () => {
    const fault = bench.simulator.faults.add({ path: '/message_destinations', status: 403 });
    expect(await destination({ queue: 'whatever' })).toEqual({
      ...{ subject: 'destination', state: 'ok' },
      detail: 'whatever: not visible to this account, which is common for API keys',
    });
    fault.remove();
    bench.simulator.faults.add({ path: '/message_destinations', status: 404 });
    expect(await destination({})).toMatchObject({ state: 'fail', code: 'not-found' });
  });
});
