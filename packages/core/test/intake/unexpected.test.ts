import { describe, expect, it, jest } from '@jest/globals';
import { SoarApiError } from '@soar-feed/soar-client';
import { StoreError } from '../../src/contract/errors.js';
import { settle } from '../delivery/feedBench.js';
import { completed, makeIntake, task } from './intakeBench.js';
import type { Received } from './messages.js';
import { received, types } from './messages.js';

type Bench = Awaited<ReturnType<typeof makeIntake>>;

const fault = (): never => {
  throw new TypeError('cannot read x');
};

/** Takes a message and lets the pauses between tries pass. */
async function take({ intake, clock }: Bench, message: Received): Promise<void> {
  const taken = intake.take(message);
  let ended = false;
  void taken.then(() => (ended = true));
  for (let turn = 0; turn < 100 && !ended; turn += 1) {
    await settle();
    await clock.advance(30_000);
  }
  expect(ended).toBe(true);
}

const codes = async ({ store }: Bench): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { code } of store.parked.listRaw()) found.push(code);
  return found;
};

describe('an unexpected fault of ours', () => {
  it.each<[string, (bench: Bench) => void]>([
    ['while the message is read', ({ catalog }) => jest.spyOn(catalog, 'numbered').mockImplementation(fault)],
    ['while its feeds are sought', ({ router }) => jest.spyOn(router, 'feedsFor').mockImplementation(fault)],
    ['while a feed takes it', ({ feed }) => jest.spyOn(feed, 'accept').mockImplementation(fault)],
    [
      'after a feed took it',
      ({ feed }) => jest.spyOn(feed, 'accept').mockRejectedValue(new TypeError('cannot read x')),
    ],
    ['while it is counted', ({ metrics }) => jest.spyOn(metrics, 'count').mockImplementationOnce(fault)],
  ])('%s keeps the message as it came, says so, and holds up nothing', async (_, strike) => {
    const bench = await makeIntake();
    strike(bench);
    const message = received(task(7), 'm1');
    await take(bench, message);
    expect(message.told).toEqual([
      { type: 1, message: 'The message could not be handled: cannot read x', complete: true },
      'ack',
    ]);
    expect(await codes(bench)).toEqual(['programming-error']);
    expect(bench.log.of('error')).toContainEqual('The message could not be handled: cannot read x');
    expect(bench.intake.inFlight).toBe(0);

    jest.restoreAllMocks();
    const next = received(task(8), 'm2');
    await take(bench, next);
    expect(next.told).toEqual([completed, 'ack']);
    await bench.store.parked.rearmRaw('m1');
    await bench.intake.retryRaw();
    expect(bench.target.seen).toEqual(['4517/task/8', '4517/task/7']);
    expect(await codes(bench)).toEqual([]);
  });

  it('that passes costs a try, not the message', async () => {
    const bench = await makeIntake();
    jest.spyOn(bench.feed, 'accept').mockRejectedValueOnce(new Error('odd'));
    const message = received(task(7), 'm1');
    await take(bench, message);
    expect(message.told).toEqual([completed, 'ack']);
    expect(bench.target.seen).toEqual(['4517/task/7']);
    expect(await codes(bench)).toEqual([]);
  });

  it('that lasts keeps the message after some tries', async () => {
    const bench = await makeIntake();
    const accept = jest.spyOn(bench.feed, 'accept').mockRejectedValue(new Error('odd'));
    const message = received(task(7), 'm1');
    await take(bench, message);
    expect(accept).toHaveBeenCalledTimes(3);
    expect(message.told).toEqual([expect.objectContaining({ type: 1 }), 'ack']);
    expect(await codes(bench)).toEqual(['Error']);
  });

  it('that also strikes where the message is to be kept is tried again until it has an end', async () => {
    const bench = await makeIntake();
    const { parked } = bench.store;
    const park = jest.spyOn(parked, 'parkRaw');
    for (let time = 0; time < 4; time += 1) park.mockImplementationOnce(fault);
    const message = received('no JSON', 'm1');
    await take(bench, message);
    expect(message.told).toEqual([expect.objectContaining({ type: 1, complete: true }), 'ack']);
    expect(await codes(bench)).toHaveLength(1);
    expect(bench.log.of('error')).toContainEqual(expect.stringContaining('neither handled nor parked'));
  });

  it('of a store that is away elsewhere than in a write of ours is waited for', async () => {
    const bench = await makeIntake();
    const accept = jest.spyOn(bench.feed, 'accept');
    for (let time = 0; time < 6; time += 1) accept.mockRejectedValueOnce(new StoreError('away', { code: 'away' }));
    const message = received(task(7), 'm1');
    await take(bench, message);
    expect(message.told).toEqual([completed, 'ack']);
    expect(await codes(bench)).toEqual([]);
  });

  it('while it is answered or acknowledged leaves it settled', async () => {
    const bench = await makeIntake();
    const mute = { ...received(task(7), 'm1'), reply: fault };
    await bench.intake.take(mute);
    expect(mute.told).toEqual(['ack']);
    const torn = { ...received(task(8), 'm2'), ack: fault };
    await bench.intake.take(torn);
    const again = received(task(8), 'm2');
    await bench.intake.take(again);
    expect(again.told).toEqual([completed, 'ack']);
    expect(bench.target.seen).toEqual(['4517/task/7', '4517/task/8']);
    expect(await codes(bench)).toEqual([]);
    expect(bench.log.of('error')).toEqual([]);
  });

  it('with one kept message leaves the others their turn', async () => {
    const bench = await makeIntake();
    jest.spyOn(bench.feed, 'accept').mockImplementation(fault);
    for (const id of [7, 8, 9]) await take(bench, received(task(id), `m${id}`));
    jest.restoreAllMocks();
    const { feedsFor } = bench.router;
    jest.spyOn(bench.router, 'feedsFor').mockImplementation((event) => {
      if (event.key.objectId === 7) fault();
      return feedsFor.call(bench.router, event);
    });
    for (const id of [7, 8, 9]) await bench.store.parked.rearmRaw(`m${id}`);
    await bench.intake.retryRaw();
    expect(bench.target.seen).toEqual(['4517/task/8', '4517/task/9']);
    expect(await codes(bench)).toEqual(['programming-error']);
    expect(await bench.store.parked.takeRaw(10)).toEqual([]);
  });
});

describe('a message', () => {
  it('that needs a source which is away waits for it, and the others do not', async () => {
    let away = true;
    const bench = await makeIntake();
    const refused = new SoarApiError('nobody there', { code: 'connection-refused', unavailable: true });
    bench.source.reread = async (event) => {
      if (away) throw refused;
      return event;
    };
    const waiting = received({ ...task(7), operation_type: null }, 'm1');
    const other = received(task(8), 'm2');
    const taken = bench.intake.take(waiting);
    const passed = bench.intake.take(other);
    for (let turn = 0; turn < 20; turn += 1) await bench.clock.advance(30_000);
    await passed;
    expect(other.told).toEqual([completed, 'ack']);
    expect(waiting.told).toEqual([]);
    expect(await codes(bench)).toEqual([]);
    away = false;
    for (let turn = 0; turn < 3; turn += 1) await bench.clock.advance(30_000);
    await taken;
    expect(waiting.told).toEqual([completed, 'ack']);
    expect(bench.target.seen).toEqual(['4517/task/8', '4517/task/7']);
  });

  it('that waits is let go when the host stops, unacknowledged', async () => {
    const bench = await makeIntake();
    jest.spyOn(bench.feed, 'accept').mockRejectedValue(new StoreError('away', { code: 'away' }));
    const message = received(task(7), 'm1');
    const taken = bench.intake.take(message);
    await settle();
    bench.stopping.abort();
    await taken;
    expect(message.told).toEqual([]);
    expect(bench.intake.inFlight).toBe(0);
  });

  it('without an id is not taken for another without one', async () => {
    const bench = await makeIntake();
    const both = [received(task(7), ''), received(task(8), '')];
    for (const message of both) await bench.intake.take(message);
    expect(bench.target.seen).toEqual(['4517/task/7', '4517/task/8']);
    expect(both.map(({ told }) => told)).toEqual([
      [completed, 'ack'],
      [completed, 'ack'],
    ]);
  });

  it('that cannot be read while the types are refused waits for them', async () => {
    let refused = true;
    const error = new SoarApiError('may not read types', { code: 'forbidden', status: 403, retryable: false });
    const bench = await makeIntake({ load: async () => (refused ? Promise.reject<typeof types>(error) : types) });
    const message = received(task(7), 'm1');
    const taken = bench.intake.take(message);
    for (let turn = 0; turn < 10; turn += 1) await bench.clock.advance(30_000);
    expect(message.told).toEqual([]);
    refused = false;
    for (let turn = 0; turn < 3; turn += 1) await bench.clock.advance(30_000);
    await taken;
    expect(message.told).toEqual([completed, 'ack']);
    expect(await codes(bench)).toEqual([]);
  });
});
