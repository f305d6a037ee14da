import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { anIncident } from '@soar-feed/feed-testkit';
import { StoreError } from '../../src/contract/errors.js';
import { until } from '../intake/reload/reloadBench.js';
import { hostBench } from './hostBench.js';
import type { HostBench } from './hostBench.js';

jest.setTimeout(60_000);

let bench: HostBench;

beforeEach(async () => {
  bench = await hostBench();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bench.stop();
});

/** Holds up whatever awaits it until it is opened. */
function barrier() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const lost = (): StoreError => new StoreError('The disk is full.', { code: 'store-full' });

describe('a running host is not quiet', () => {
  it('while a message is in its hands, though no feed has it', async () => {
    const { store, simulator } = bench;
    const { opened, open } = barrier();
    const parkRaw = store.parked.parkRaw.bind(store.parked);
    jest.spyOn(store.parked, 'parkRaw').mockImplementation(async (...args) => {
      await opened;
      return parkRaw(...args);
    });
    const host = bench.host();
    await host.start();
    await simulator.broker.publish({ destination: 'actions.201.feed_data', headers: {}, body: '{' });
    await until(() => host.status().queue.inFlight === 1, 'the message');
    expect(await host.quiet(150)).toBe(false);
    open();
    expect(await host.quiet(10_000)).toBe(true);
    expect(host.status().queue.counts).toMatchObject({ undecodable: 1, acknowledged: 1 });
  });

  it('while a feed delivers', async () => {
    const { opened, open } = barrier();
    bench.target.answer = async () => {
      await opened;
      return { status: 'delivered', change: 'updated' };
    };
    const host = bench.host();
    await host.start();
    bench.org.createIncident({ name: 'Slow', discovered_date: 1 });
    await until(() => bench.target.seen.length === 1, 'the delivery');
    expect(await host.quiet(150)).toBe(false);
    open();
    expect(await host.quiet(10_000)).toBe(true);
  });
});

describe('the report of a host', () => {
  it('says what is wrong with the store, and all the rest', async () => {
    const host = bench.host();
    await host.start();
    const counts = jest.spyOn(bench.store.parked, 'counts').mockRejectedValue(lost());
    expect(await host.report()).toMatchObject({
      running: true,
      store: { problem: 'The disk is full.' },
      feeds: [{ name: 'one', state: 'up' }],
    });
    counts.mockRejectedValue(new TypeError('a fault of ours'));
    await expect(host.report()).rejects.toThrow('a fault of ours');
  });
});

describe('a host that does not run', () => {
  it('reloads nothing, knows no types, is quiet, and stops at once', async () => {
    const host = bench.host();
    await expect(host.reload()).rejects.toThrow('The host is not running.');
    expect(await host.unknownTypes(['nonsense'])).toEqual([]);
    expect(await host.quiet(1_000)).toBe(true);
    expect(host.status()).toMatchObject({
      queue: { state: 'off', inFlight: 0 },
      feeds: [],
      reload: { running: false },
    });
    await host.stop();
    expect(bench.log.lines.filter(({ fields }) => fields.event === 'host.stopped')).toEqual([]);
  });

  it('lets go of everything where its start fails', async () => {
    bench.simulator.faults.add({ status: 401 });
    const close = jest.spyOn(bench.store, 'close');
    const host = bench.host();
    await expect(host.start()).rejects.toMatchObject({ status: 401 });
    expect(close).toHaveBeenCalledTimes(1);
    expect(bench.log.lines.filter(({ fields }) => fields.event === 'host.ready')).toEqual([]);
  });
});

describe('the start options', () => {
  it.each([
    [{}, 'Subscribed, will process.', 'connected'],
    [{ queue: false }, 'Ready, without a queue.', 'off'],
  ] as const)('%j: %s', async (options, line, state) => {
    const host = bench.host();
    await host.start(options);
    const ready = bench.log.lines.find(({ fields }) => fields.event === 'host.ready');
    expect(ready).toMatchObject({ message: line, fields: { feeds: ['one'] } });
    expect(host.status().queue.state).toBe(state);
  });

  it('reload in the background only where asked for, and `replay: false` leaves rows where they are', async () => {
    const { id } = bench.org.createIncident({ name: 'There before', discovered_date: 1 });
    await bench.store.open();
    await bench.store.parked.park('one', anIncident({ incidentId: id, objectId: id }), { state: 'deferred' });
    const still = bench.host();
    await still.start({ queue: false, replay: false });
    expect(still.status()).toMatchObject({ feeds: [{ parked: { deferred: 1 } }], reload: { running: false } });
    expect(await still.quiet(300)).toBe(false);
    expect(bench.target.seen).toEqual([]);
    await still.stop(0);

    const host = bench.host();
    await host.start({ queue: false, reload: true });
    await until(() => bench.log.lines.some(({ fields }) => fields.event === 'reload.finished'), 'the reload');
    expect(await host.quiet(10_000)).toBe(true);
    expect(new Set(bench.target.seen)).toEqual(new Set([`${id}/incident/${id}@1`]));
  });
});

describe('a host that is stopped while it starts', () => {
  /** Holds its start up at one place, until the returned function lets it go on. */
  type Place = () => { readonly reached: Promise<void>; readonly goOn: () => void };
  const heldAt = (hold: (wait: () => Promise<void>) => void): ReturnType<Place> => {
    const reached = barrier();
    const released = barrier();
    hold(async () => {
      reached.open();
      await released.opened;
    });
    return { reached: reached.opened, goOn: released.open };
  };
  const places: Readonly<Record<string, Place>> = {
    'its store opens': () =>
      heldAt((wait) => {
        const open = bench.store.open.bind(bench.store);
        jest.spyOn(bench.store, 'open').mockImplementation(async (...args) => {
          await wait();
          return open(...args);
        });
      }),
    'it knows what is parked': () =>
      heldAt((wait) => {
        const list = bench.store.parked.list.bind(bench.store.parked);
        jest.spyOn(bench.store.parked, 'list').mockImplementation(async function* (...args) {
          await wait();
          yield* list(...args);
        });
      }),
    'its target opens': () => heldAt((wait) => (bench.target.onOpen = wait)),
  };

  it.each(Object.keys(places))('while %s: takes no message, and leaves nothing open', async (name) => {
    const place = (places[name] as Place)();
    const host = bench.host();
    let targets = 0;
    const { onOpen } = bench.target;
    bench.target.onOpen = async (context) => {
      await onOpen(context);
      targets += 1;
    };
    bench.target.close = async () => void (targets = 0);
    const starting = host.start();
    starting.catch(() => undefined);
    await place.reached;
    const stopped = host.stop(0);
    place.goOn();
    await expect(starting).rejects.toMatchObject({ code: 'stopping' });
    await stopped;
    bench.org.createIncident({ name: 'Later', discovered_date: 1 });
    await expect(until(() => bench.simulator.broker.unacked('actions.201.feed_data') > 0, 'a message', 300))
      .rejects //
      .toThrow('a message');
    expect(targets).toBe(0);
    await expect(bench.store.parked.counts()).rejects.toMatchObject({ code: 'store-closed' });
    expect(bench.log.lines.filter(({ fields }) => fields.event === 'host.ready')).toEqual([]);
  });

  it('while the types of the source are on their way: does not wait for them', async () => {
    bench.simulator.faults.add({ path: '/types', delayMs: 8_000 });
    const host = bench.host();
    const starting = host.start();
    starting.catch(() => undefined);
    await until(() => (bench.simulator.requests.byRoute['GET /types'] ?? 0) > 0, 'the question');
    await host.stop(0);
    await expect(starting).rejects.toMatchObject({ code: 'stopping' });
  }, 7_000);

  it('while its broker is away: does not wait for it', async () => {
    await bench.simulator.broker.stop();
    const host = bench.host();
    const starting = host.start();
    starting.catch(() => undefined);
    await until(() => host.status().queue.state === 'disconnected', 'a try');
    await host.stop(0);
    await expect(starting).rejects.toMatchObject({ code: 'queue-closed' });
  });
});

describe('a host that drains', () => {
  it('still says how its feeds are, and takes no more work', async () => {
    const { opened, open } = barrier();
    bench.target.answer = async () => {
      await opened;
      return { status: 'delivered', change: 'updated' };
    };
    const host = bench.host();
    await host.start();
    bench.org.createIncident({ name: 'Slow', discovered_date: 1 });
    await until(() => bench.target.seen.length === 1, 'the delivery');
    const gauge = jest.spyOn(bench.metrics, 'gauge');
    const stopped = host.stop(10_000);
    const depths = () => gauge.mock.calls.filter(([name]) => name === 'soar_feed_lane_depth').map(([, depth]) => depth);
    await until(() => depths().includes(1), 'the gauges while it drains');
    expect(host.status()).toMatchObject({
      source: { org: expect.any(String) },
      queue: { inFlight: 1 },
      feeds: [{ name: 'one', state: 'up', queued: 1 }],
    });
    expect(await host.report()).toMatchObject({ feeds: [{ name: 'one', state: 'up', queued: 1 }] });
    await expect(host.reload()).rejects.toThrow('not running');
    open();
    await stopped;
    expect(host.status()).toMatchObject({ source: undefined, queue: { state: 'off' }, feeds: [] });
    const left = await bench.metrics.text();
    expect(left).toMatch(/lane_depth\{feed="one"\} 0/);
    expect(left).toMatch(/_up\{feed="one"\} 0/);
  });
});

describe('what a person does with parked rows', () => {
  it('is followed by the feed, and looked up anew where a fault ended it halfway', async () => {
    const { id } = bench.org.createIncident({ name: 'One', discovered_date: 1 });
    const event = anIncident({ incidentId: id, objectId: id });
    const failure = { state: 'failed', code: 'http-400', message: 'no', attempts: 8 } as const;
    await bench.store.open();
    await bench.store.parked.park('one', event, failure);
    const host = bench.host();
    await host.start({ queue: false, replay: false });
    const parked = () => host.status().feeds[0]?.parked;
    expect(parked()).toMatchObject({ failed: 1 });

    // Gone in the store, and then the store fails.
    const { settlements } = bench.store;
    const settle = settlements.settle.bind(settlements);
    jest.spyOn(settlements, 'settle').mockImplementationOnce(async (settlement) => {
      await settle(settlement);
      throw lost();
    });
    await expect(host.dropParked({ feed: 'one' })).rejects.toThrow('The disk is full.');
    await until(() => parked()?.failed === 0, 'what the feed knows');

    await bench.store.parked.park('one', event, failure);
    await expect(host.retryParked({ feed: 'one' })).resolves.toMatchObject({ touched: [{ feed: 'one' }] });
    expect(parked()).toMatchObject({ failed: 0, deferred: 1 });
  });
});

describe('a standby', () => {
  const held = () =>
    new StoreError('held', {
      code: 'store-held',
      details: { database: 'db', host: 'other', pid: 1, since: 'then' },
    });
  /** Another host has the store until `end`. */
  function heldStore() {
    const open = bench.store.open.bind(bench.store);
    let isHeld = true;
    jest.spyOn(bench.store, 'open').mockImplementation(async () => {
      if (isHeld) throw held();
      await open();
    });
    return { end: () => void (isHeld = false) };
  }
  const standby = 'process 1 on other has db since then';

  it('connects to nothing, says for whom it waits, refuses work, and takes over', async () => {
    const { simulator, log } = bench;
    const other = heldStore();
    const heard: unknown[] = [];
    const host = bench.host();
    const starting = host.start({ standby: (holder) => heard.push(holder) });
    await until(() => heard.length === 1, 'the standby');
    expect(host.status()).toMatchObject({ standby, source: undefined, queue: { state: 'off' } });
    expect(await host.report()).toMatchObject({ running: true, standby, store: {}, process: { pid: process.pid } });
    for (const refused of [host.reload(), host.retryParked({}), host.repair({} as never)])
      await expect(refused).rejects.toMatchObject({ code: 'host-standby', message: expect.stringContaining(standby) });
    expect(simulator.broker.consumers('actions.201.feed_data')).toBe(0);
    expect(simulator.requests.total).toBe(0);
    other.end();
    await starting;
    expect(heard).toEqual([standby, undefined]);
    expect(host.status()).toMatchObject({ queue: { state: 'connected' } });
    expect(host.status()).not.toHaveProperty('standby');
    expect(simulator.broker.consumers('actions.201.feed_data')).toBe(1);
    // The bench cannot read its config again: the one it has is used.
    expect(log.lines.filter(({ fields }) => fields.event === 'host.refresh-refused')).toHaveLength(1);
  });

  it('stops at once while it waits', async () => {
    heldStore();
    const host = bench.host();
    const starting = host.start({ standby: () => undefined }).catch((error: unknown) => error);
    await until(() => host.status().standby !== undefined, 'the standby');
    await host.stop();
    expect(await starting).toMatchObject({ code: 'stopping' });
  });

  it('is nobody who did not ask for it', async () => {
    heldStore();
    await expect(bench.host().start()).rejects.toMatchObject({ code: 'store-held' });
  });
});

describe('a host that lost its state to another one', () => {
  it('says so to whoever runs it, and stops without grace, so that its messages go on', async () => {
    const { simulator, store, target } = bench;
    const queue = 'actions.201.feed_data';
    target.answer = (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const host = bench.host();
    const fatal = new Promise<Error>((resolve) => host.onFatal(resolve));
    await host.start();
    bench.org.createIncident({ name: 'Under way', discovered_date: 1 });
    await until(() => simulator.broker.unacked(queue) > 0, 'the message');
    const lost = () => Promise.reject(new StoreError('Taken over.', { code: 'store-lost' }));
    Object.assign(store, { check: lost });
    jest.spyOn(store.settlements, 'settle').mockImplementation(lost);
    jest.spyOn(store.parked, 'park').mockImplementation(lost);
    // The probe of a store without `check` has ended: the next event finds it.
    target.answer = async () => ({ status: 'delivered', change: 'created' });
    bench.org.createIncident({ name: 'Next', discovered_date: 1 });
    expect(await fatal).toMatchObject({ code: 'store-lost' });
    const from = performance.now();
    await host.stop();
    expect(performance.now() - from).toBeLessThan(15_000);
    expect(simulator.broker.acked).toEqual([]);
    expect([simulator.broker.depth(queue), simulator.broker.unacked(queue)]).toEqual([2, 0]);
  });
});
