import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { feedsSection, toFeedsSettings } from '../../../src/config/feedsSection.js';
import { healthOf } from '../../../src/host/status/healthOf.js';
import type { ReloadIntake } from '../../../src/intake/reload/ReloadIntake.js';
import { Reloads } from '../../../src/intake/reload/Reloads.js';
import { ReloadTally } from '../../../src/intake/reload/ReloadReport.js';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import { settle } from '../../delivery/feedBench.js';
import { makeEngine, startSource, until } from './reloadBench.js';
import type { Engine, EngineOptions, Source } from './reloadBench.js';

jest.setTimeout(60_000);

let source: Source;
let ids: readonly number[];
const engines: Engine[] = [];

beforeEach(async () => {
  // Back-off is full jitter of seconds; its length is not what is tested here.
  jest.spyOn(Math, 'random').mockReturnValue(0.002);
  source = await startSource();
  ids = source.fill(10);
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const engine of engines.splice(0)) await engine.stop();
  await source.stop();
});

async function engineOn(options: EngineOptions = {}): Promise<Engine> {
  const engine = await makeEngine(source, options);
  engines.push(engine);
  return engine;
}

const everything = { incidents: 10, objects: 50 };
const connected = {
  source: { host: 'h', org: 'o' },
  store: {},
  feeds: [],
  queue: { state: 'connected', counts: { received: 0, acknowledged: 0, ignored: 0, undecodable: 0 }, inFlight: 0 },
} as const;

describe('a trouble of the source', () => {
  it.each([
    ['the list of incidents', '/incidents/query_paged', 'POST', {}],
    ['their artifacts', /\/artifacts$/, 'GET', { reload_query_api_method: 'true' }],
    ['their tasks', /\/tasks$/, 'GET', { reload_query_api_method: 'true' }],
  ] as const)(
    'that lasts longer than its tries keeps the start waiting for %s, for all to see',
    async (_, path, method, settings) => {
      const trouble = source.simulator.faults.add({ method, path, status: 500 });
      const engine = await engineOn({ settings });
      engine.reloads.start('full');
      await until(() => engine.reloads.status.problem !== undefined && trouble.hits > 20, 'a reload that waits');
      const { status } = engine.reloads;
      expect(status).toMatchObject({ running: true, faults: 0, problem: expect.stringContaining('500') });
      expect(healthOf({ ...connected, reload: status })).toEqual({
        ok: false,
        reasons: [expect.stringMatching(/^the reload waits: .*500/)],
      });
      trouble.remove();
      await until(() => !engine.reloads.status.running, 'its end');
      expect(engine.reloads.status).toMatchObject({ ...everything, faults: 0 });
      expect(engine.reloads.status).not.toHaveProperty('problem');
      expect(healthOf({ ...connected, reload: engine.reloads.status }).ok).toBe(true);
      expect(engine.log.lines.some(({ fields }) => fields['event'] === 'reload.failed')).toBe(false);
    },
  );

  it('in the middle of the list leaves out nothing', async () => {
    const engine = await engineOn();
    const { incidents } = source.client;
    const pagesOf = incidents.pages.bind(incidents);
    let refused = 0;
    jest.spyOn(incidents, 'pages').mockImplementation(async function* (query, options) {
      for await (const page of pagesOf(query, options)) {
        // Everything fails, above and below, from the second page on.
        if ((page[0]?.id ?? 0) > (ids[3] as number)) refused += 1;
        if (refused > 0 && refused < 60) {
          refused += 1;
          throw Object.assign(new Error('HTTP 500'), { retryable: true });
        }
        yield page;
      }
    });
    expect(await engine.reloads.run({})).toMatchObject({ ...everything, faults: [] });
    expect(refused).toBeGreaterThanOrEqual(60);
  });

  it('with one list of one incident holds only that one', async () => {
    const bad = ids[5] as number;
    source.simulator.faults.add({ method: 'GET', path: `/incidents/${bad}/artifacts`, status: 500 });
    const engine = await engineOn({ settings: { reload_query_api_method: 'true' } });
    const report = await engine.reloads.run({});
    expect(report).toMatchObject({ incidents: 10, objects: 50 - 1 });
    expect(report.faults).toEqual([{ incidentId: bad, message: expect.stringContaining('500') }]);
  });

  it('with the only incident that is loaded is that incident’s own where others are given', async () => {
    const bad = ids[5] as number;
    source.simulator.faults.add({ method: 'GET', path: `/incidents/${bad}/artifacts`, status: 500 });
    const engine = await engineOn();
    const report = await engine.reloads.run({ minIncidentId: bad, maxIncidentId: bad, method: 'query' });
    expect(report.faults).toEqual([{ incidentId: bad, message: expect.stringContaining('500') }]);
  });

  it('leaves no deletion unseen', async () => {
    const settings = { reload_query_api_method: 'true', reconcile_deletes: 'true' };
    const engine = await engineOn({ settings });
    await engine.reloads.run({});
    const gone = ids[5] as number;
    source.org.deleteIncident(gone);
    const { simulator } = source;
    const listing = simulator.faults.add({ method: 'GET', path: `/incidents/${gone}`, status: 500 });
    // While the incident is being asked for, nothing else is answered either.
    const running = engine.reloads.run({});
    await until(() => listing.hits > 3, 'the question for the incident');
    const all = simulator.faults.add({ method: 'POST', path: '/incidents/query_paged', status: 500 });
    await until(() => all.hits > 10, 'the question for the others');
    listing.remove();
    all.remove();
    expect((await running).deletions).toMatchObject({ gone: 1, deleted: 1 });
  });
});

describe('a reload in the background that fails', () => {
  it.each(['full', 'changed'] as const)('at the start is begun again until it is done: %s', async (kind) => {
    const clock = fakeClock();
    const log = recordingLogger();
    const store = new MemoryStore();
    await store.open();
    let refusals = 3;
    const runs: number[] = [];
    const intake = {
      run: async () => {
        runs.push(clock.now());
        if (refusals-- > 0) throw new Error('may not list incidents');
        return new ReloadTally(clock.now()).report(clock.now(), false);
      },
    } as unknown as ReloadIntake;
    const stop = new AbortController();
    const reloads = new Reloads({
      ...{ intake, feeds: [{ name: 'one' } as never], log, clock, checkpoints: store.checkpoints },
      settings: toFeedsSettings(feedsSection.parse({ feed_names: 'one', state_db: 'x' })),
      durably: { clock, log, health: { problem: undefined }, signal: stop.signal },
      signal: stop.signal,
      sourceClock: { offsetMs: 0, uncertaintyMs: 0 },
    });
    reloads.start(kind);
    await settle();
    expect(runs).toHaveLength(1);
    expect(reloads.status).toMatchObject({
      running: false,
      problem: expect.stringContaining('may not list incidents'),
    });
    expect(healthOf({ ...connected, reload: reloads.status }).ok).toBe(false);
    for (let minute = 0; minute < 5; minute += 1) {
      await clock.advance(60_000);
      await settle();
    }
    expect(runs).toHaveLength(4);
    expect(reloads.status).not.toHaveProperty('problem');
    expect(log.of('error')).toHaveLength(1);
    stop.abort();
    await reloads.stop();
  });
});
