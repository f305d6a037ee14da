import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { makeEngine, startSource, until } from './reloadBench.js';
import type { Engine, EngineOptions, Source } from './reloadBench.js';

jest.setTimeout(60_000);
// Back-off is full jitter of seconds; its length is not what is tested here.
jest.spyOn(Math, 'random').mockReturnValue(0.002);

let source: Source;
let ids: readonly number[];
const engines: Engine[] = [];

beforeEach(async () => {
  source = await startSource();
  ids = source.fill(10);
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  await source.stop();
});

async function engineOn(options: EngineOptions = {}): Promise<Engine> {
  const engine = await makeEngine(source, options);
  engines.push(engine);
  return engine;
}

const incidentsOf = (engine: Engine): readonly number[] => {
  const names = engine.targets.get('one')?.seen ?? [];
  return [...new Set(names.map((name) => Number(name.split('/')[0])))].sort((a, b) => a - b);
};

describe('errors of the source', () => {
  it.each([
    ['a page', { method: 'POST', path: '/incidents/query_paged', status: 503, times: 3 }],
    ['a page that breaks off', { method: 'POST', path: '/incidents/query_paged', truncate: true, times: 2 }],
    [
      'a page of HTML',
      { method: 'POST', path: '/incidents/query_paged', status: 502, body: '<html>no</html>', times: 3 },
    ],
    ['a search', { method: 'POST', path: '/search_ex', status: 500, times: 3 }],
    ['a session', { method: 'POST', path: '/search_ex', status: 401, times: 2 }],
    ['a connection', { method: 'POST', path: '/search_ex', reset: 'before', times: 4 }],
  ] as const)('of %s pass by', async (_, fault) => {
    const engine = await engineOn();
    const struck = source.simulator.faults.add(fault);
    const report = await engine.reloads.run({});
    expect(struck.hits).toBeGreaterThanOrEqual(fault.times);
    expect(report).toMatchObject({ incidents: 10, objects: 50, faults: [] });
  });

  it('that stay leave out what one incident has of a kind, and say which', async () => {
    const [bad] = [ids[5] as number];
    source.simulator.faults.add({ method: 'GET', path: `/incidents/${bad}/comments`, status: 500 });
    const engine = await engineOn({ settings: { reload_query_api_method: 'true' } });
    const report = await engine.reloads.run({});
    expect(report.faults).toEqual([{ incidentId: bad, message: expect.stringContaining('500') }]);
    expect(report).toMatchObject({ incidents: 10, objects: 50 - 1, interrupted: false });
    expect(incidentsOf(engine)).toEqual(ids);
  });

  it('of a page that stays broken are survived by reading its incidents one by one', async () => {
    const broken = refuseFull();
    const [gone, bad] = [ids[2] as number, ids[3] as number];
    source.simulator.faults.add({ method: 'GET', path: `/incidents/${bad}`, status: 500 });
    source.simulator.faults.add({ method: 'GET', path: `/incidents/${gone}`, status: 404 });
    const engine = await engineOn();
    const report = await engine.reloads.run({});
    expect(broken.hits).toBeGreaterThan(0);
    expect(report.faults).toEqual([{ incidentId: bad, message: expect.stringContaining('500') }]);
    expect(incidentsOf(engine)).toEqual(ids.filter((id) => id !== bad && id !== gone));
    expect(engine.log.lines.filter(({ fields }) => fields['event'] === 'reload.fault')).toHaveLength(1);
  });

  it('of the listing itself pass over a stretch of ids, then give up the rest, and what was read stays', async () => {
    const engine = await engineOn({ settings: { reload_page_size: '2' } });
    let pages = 0;
    const { incidents } = source.client;
    const pagesOf = incidents.pages.bind(incidents);
    // Its first two pages come; every request above them fails for good.
    jest.spyOn(incidents, 'pages').mockImplementation(async function* (query, options) {
      if ((query?.minId ?? 0) > (ids[3] as number)) throw Object.assign(new Error('HTTP 400'), { retryable: false });
      for await (const page of pagesOf(query, options)) {
        pages += 1;
        if (pages > 2) throw Object.assign(new Error('HTTP 400'), { retryable: false });
        yield page;
      }
    });
    const report = await engine.reloads.run({});
    jest.mocked(incidents.pages).mockRestore();
    expect(incidentsOf(engine)).toEqual(ids.slice(0, 4));
    const from = (ids[3] as number) + 1;
    expect(report.faults).toEqual([
      { minIncidentId: from, maxIncidentId: from + 1, message: 'HTTP 400' },
      { minIncidentId: from + 2, maxIncidentId: from + 3, message: 'HTTP 400' },
      { minIncidentId: from + 4, message: 'HTTP 400' },
    ]);
    expect(await engine.reloads.run({})).toMatchObject({ incidents: 10, faults: [] });
  });

  it('from the first page on are thrown', async () => {
    source.simulator.faults.add({ method: 'POST', path: '/incidents/query_paged', status: 403 });
    const engine = await engineOn();
    await expect(engine.reloads.run({})).rejects.toMatchObject({ status: 403 });
    source.simulator.faults.clear();
    expect(await engine.reloads.run({})).toMatchObject({ incidents: 10 });
  });

  it('do not hold up what the queue brings meanwhile', async () => {
    const away = source.simulator.faults.add({ method: 'POST', path: '/search_ex', reset: 'before' });
    const engine = await engineOn();
    const running = engine.reloads.run({});
    await until(() => away.hits > 0, 'a failing search');
    const note = source.org.addNote({ incidentId: ids[0] as number }, 'Live');
    await engine.bring('note', note.id, ids[0] as number, { ...note } as never);
    expect(engine.targets.get('one')?.seen).toEqual([`${ids[0]}/note/${note.id}`]);
    away.remove();
    expect(await running).toMatchObject({ incidents: 10, faults: [] });
  });

  it('are carried into the run that goes on after a stop', async () => {
    const [bad] = ids as [number];
    source.simulator.faults.add({ method: 'GET', path: `/incidents/${bad}/comments`, status: 403 });
    const slow = source.simulator.faults.add({
      method: 'GET',
      path: `/incidents/${ids[9]}/milestones`,
      delayMs: 1_000,
    });
    const settings = { reload_query_api_method: 'true' };
    const first = await engineOn({ settings });
    const running = first.reloads.run({});
    await until(() => slow.hits > 0, 'the last page');
    await first.stop();
    expect((await running).interrupted).toBe(true);
    slow.remove();
    const second = await engineOn({ settings, store: first.store });
    const report = await second.reloads.run({});
    expect(report.continuedAbove).toBeGreaterThan(bad);
    expect(report.faults).toEqual([{ incidentId: bad, message: expect.stringContaining('403'), lasting: 'refused' }]);
  });
});

/** The list of whole incidents fails for ever; the list of ids does not. */
function refuseFull(): { readonly hits: number } {
  const { incidents } = source.client;
  const pagesOf = incidents.pages.bind(incidents);
  const struck = { hits: 0 };
  jest.spyOn(incidents, 'pages').mockImplementation(async function* (query, options) {
    if (query?.returnLevel !== 'partial') {
      struck.hits += 1;
      throw Object.assign(new Error('HTTP 500'), { retryable: true });
    }
    yield* pagesOf(query, options);
  });
  return struck;
}

describe('a fault of ours', () => {
  const failing = (id: number) => `Incident ${id}`;

  it('over one incident leaves out that one, says so, and ends: the record stays below it', async () => {
    const [bad] = [ids[3] as number];
    const engine = await engineOn({ settings: { reload_query_api_method: 'true' } });
    const { events } = engine;
    const make = events.make.bind(events);
    jest.spyOn(events, 'make').mockImplementation((facts) => {
      if (facts.incidentId === bad) throw new TypeError('Do not know how to serialize it');
      return make(facts);
    });
    let settledUpTo: number | undefined;
    const report = await engine.reloads.run({}, (progress) => (settledUpTo = progress.settledUpTo));
    expect(report).toMatchObject({ interrupted: false, objects: 45 });
    expect(report.faults).toEqual([{ incidentId: bad, message: 'Do not know how to serialize it', lasting: 'bug' }]);
    expect(incidentsOf(engine)).toEqual(ids.filter((id) => id !== bad));
    expect(settledUpTo).toBeLessThan(bad);
    expect(engine.log.of('error').filter((message) => message.startsWith(failing(bad)))).toHaveLength(1);
    expect(report.deletions).toMatchObject({ gone: 0 });
  });

  it('is not made by what the source gives and is no object: it is left out, and said', async () => {
    const [bad] = [ids[3] as number];
    const { artifacts } = source.client;
    const list = artifacts.list.bind(artifacts);
    jest
      .spyOn(artifacts, 'list')
      .mockImplementation(async (id, options) => (id === bad ? [null as never] : list(id, options)));
    const engine = await engineOn({ settings: { reload_query_api_method: 'true' } });
    const report = await engine.reloads.run({});
    expect(report).toMatchObject({ interrupted: false, objects: 49 });
    expect(report.faults).toEqual([{ incidentId: bad, message: expect.stringContaining('no objects') }]);
    expect(incidentsOf(engine)).toEqual(ids);
  });

  it('over the listing ends a reload in the background, for all to see, and is not tried for ever', async () => {
    const { incidents } = source.client;
    let tries = 0;
    jest.spyOn(incidents, 'pages').mockImplementation(() => {
      tries += 1;
      throw new TypeError('pages is not what it was');
    });
    const engine = await engineOn();
    engine.reloads.start('full');
    const failed = () => engine.log.lines.filter(({ fields }) => fields['event'] === 'reload.failed');
    await until(() => failed().length > 0, 'its end');
    await engine.reloads.stop();
    expect(failed()).toMatchObject([{ level: 'error', message: expect.stringContaining('because of a bug') }]);
    expect(engine.reloads.status).toMatchObject({ running: false });
    expect(tries).toBeLessThan(5);
  });
});
