import { describe, expect, it } from '@jest/globals';
import { aNote, aTask, fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import type { HostStatus } from '../../src/host/status/HostStatus.js';
import { pruneOutcomes } from '../../src/host/pruneOutcomes.js';
import { healthOf } from '../../src/host/status/healthOf.js';
import { makeReport, readStored } from '../../src/host/status/StatusReport.js';
import { MemoryStore } from '../../src/parking/MemoryStore.js';

type FeedStatus = HostStatus['feeds'][number];

const rates = { last1m: 0, last5m: 0, last15m: 0 };

const feed = (over: Partial<FeedStatus> = {}): FeedStatus => ({
  ...{ name: 'one', state: 'up', lagging: false, queued: 0 },
  counts: { delivered: 0, skipped: 0, superseded: 0, parked: 0, failed: 0 },
  parked: { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 },
  pace: { lagSeconds: 0, arrivals: { changes: 0 }, perSecond: { received: rates, delivered: rates } },
  ...over,
});

const host = (over: Partial<HostStatus> = {}): HostStatus => ({
  source: { host: 'soar.example.com', org: 'Acme' },
  queue: {
    state: 'connected',
    inFlight: 0,
    counts: { received: 0, acknowledged: 0, ignored: 0, undecodable: 0 },
  },
  store: {},
  feeds: [feed()],
  reload: { running: false, incidents: 0, objects: 0, faults: 0 },
  ...over,
});

describe('healthOf', () => {
  it.each<[string, HostStatus]>([
    ['all is up', host()],
    ['no queue is wanted', host({ queue: { ...host().queue, state: 'off' } })],
    ['a feed lags', host({ feeds: [feed({ lagging: true })] })],
  ])('is fine when %s', (_, status) => {
    expect(healthOf(status)).toEqual({ ok: true, reasons: [] });
  });

  it.each<[string, HostStatus]>([
    ['the source is not connected', host({ source: undefined, queue: { ...host().queue, state: 'off' } })],
    [
      'the queue is disconnected: refused',
      host({ queue: { ...host().queue, state: 'disconnected', problem: 'refused' } }),
    ],
    ['the state store takes nothing: full', host({ store: { problem: 'full' } })],
    ['one is down: away', host({ feeds: [feed({ state: 'down', problem: 'away' })] })],
    ['one is opening', host({ feeds: [feed({ state: 'opening' })] })],
  ])('says that %s', (reason, status) => {
    expect(healthOf(status)).toEqual({ ok: false, reasons: [reason] });
  });
});

it('a standby does all that it has to do: it waits', () => {
  const standby = 'process 1 on other has db since then';
  const waiting = host({ source: undefined, feeds: [], queue: { ...host().queue, state: 'off' }, standby });
  expect(healthOf(waiting)).toEqual({ ok: true, reasons: [], standby });
  expect(makeReport(undefined, { host: waiting, feedNames: ['one'], nowMs: 0 })).toMatchObject({
    running: true,
    standby,
  });
});

describe('makeReport', () => {
  const withRows = async () => {
    const store = new MemoryStore();
    await store.open();
    const settled = { feed: 'one', outcome: 'delivered', deleted: false } as const;
    await store.settlements.settle({ ...settled, key: aTask().key, eventId: 'e' });
    await store.parked.park('one', aTask(), { state: 'failed', code: 'c', message: 'm', attempts: 1 });
    await store.parked.park('one', aNote(), { state: 'deferred' });
    await store.parked.park('left_behind', aNote(), { state: 'undecided', message: '?' });
    await store.parked.parkRaw({ messageId: 'm', queue: 'q', headers: {}, body: '' }, 'c', 'p');
    return store;
  };

  it('tells of a state whose host does not run, also of feeds that are gone from the config', async () => {
    const report = makeReport(await readStored(await withRows()), {
      feedNames: ['one', 'new'],
      nowMs: Date.now() + 60_000,
    });
    expect(report).toMatchObject({ running: false, raw: 1, store: {} });
    expect(report.feeds.map(({ name, state }) => [name, state])).toEqual([
      ['one', 'stopped'],
      ['new', 'stopped'],
      ['left_behind', 'stopped'],
    ]);
    const [one, fresh, left] = report.feeds;
    expect(one).toMatchObject({ totals: { delivered: 1, parked: 2 }, parked: { failed: 1, deferred: 1, waiting: 0 } });
    expect(one?.causes?.map(({ state, code, rows }) => [state, code, rows])).toEqual([
      ['failed', 'c', 1],
      ['deferred', undefined, 1],
    ]);
    expect(one).not.toHaveProperty('pace');
    expect(one?.oldestUndeliveredMs).toBeGreaterThanOrEqual(60_000);
    expect(fresh?.totals).toMatchObject({ delivered: 0 });
    expect(fresh).not.toHaveProperty('oldestUndeliveredMs');
    // A row that waits for a person says nothing about the feed's pace.
    expect(left).not.toHaveProperty('oldestUndeliveredMs');
  });

  it('takes the older of what is in memory and what stands parked', async () => {
    const stored = await readStored(await withRows());
    const status = host({ feeds: [feed({ queued: 1, oldestMs: 500_000, lagging: true })] });
    const at = { feedNames: ['one'], host: status, nowMs: Date.now() };
    expect(makeReport(stored, at).feeds[0]).toMatchObject({ state: 'up', lagging: true, oldestUndeliveredMs: 500_000 });
  });

  it('tells of the pace of a running feed, and its lag also while the store cannot tell', () => {
    const pace = { ...feed().pace, lagSeconds: 40 };
    const at = { feedNames: ['one'], host: host({ feeds: [feed({ pace })], changeTime: 'platform' }), nowMs: 0 };
    const report = makeReport(undefined, at);
    expect(report).toMatchObject({ changeTime: 'platform', feeds: [{ pace, oldestUndeliveredMs: 40_000 }] });
    expect(report.feeds[0]).not.toHaveProperty('causes');
  });

  it('counts by what the feeds know while the store cannot tell', () => {
    const status = host({ feeds: [feed({ parked: { ...feed().parked, deferred: 3 } })], store: { problem: 'away' } });
    const [one] = makeReport(undefined, { feedNames: ['one'], host: status, nowMs: 0 }).feeds;
    expect(one?.parked.deferred).toBe(3);
    expect(one).not.toHaveProperty('totals');
  });
});

describe('pruneOutcomes', () => {
  it('forgets by age in the background, some at a time, and bears a store in trouble', async () => {
    const clock = fakeClock();
    const asked: number[] = [];
    const answers = [500, 500, 7, new Error('locked'), 0];
    const store = new MemoryStore();
    store.outcomes.prune = async (beforeMs) => {
      asked.push(clock.now() - beforeMs);
      const answer = answers.shift() ?? 0;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const end = new AbortController();
    const done = pruneOutcomes(store, { keepMs: 1_000, clock, log: recordingLogger(), signal: end.signal });
    await clock.advance(100);
    await clock.advance(100);
    expect(asked).toEqual([1_000, 1_000, 1_000]);
    await clock.advance(600_000);
    await clock.advance(600_000);
    expect(asked).toHaveLength(5);
    end.abort();
    await done;
  });

  it('has nothing to do where nothing is kept', async () => {
    const store = new MemoryStore();
    let asked = 0;
    store.outcomes.prune = async () => ((asked += 1), 0);
    const { signal } = new AbortController();
    // It ends by itself, although nothing stops it.
    await pruneOutcomes(store, { keepMs: 0, clock: fakeClock(), log: recordingLogger(), signal });
    expect(asked).toBe(0);
  });
});
