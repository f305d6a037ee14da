import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { makeEngine, startSource } from './reloadBench.js';
import type { Engine, Source } from './reloadBench.js';

jest.setTimeout(60_000);

let source: Source;
let ids: readonly number[];
let engine: Engine;

beforeEach(async () => {
  source = await startSource();
  ids = source.fill(3);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await engine.stop();
  await source.stop();
});

const seen = (): readonly string[] => engine.targets.get('one')?.seen ?? [];
const ODD: readonly unknown[] = [Infinity, 1.5, -5, 0, '7', 9_007_199_254_740_993n];

describe('a reload', () => {
  it.each(ODD)('feeds no note with the id %p, and says which incident has one', async (id) => {
    engine = await makeEngine(source, { settings: { reload_query_api_method: 'true' } });
    const { notes } = source.client;
    const list = notes.list.bind(notes);
    jest.spyOn(notes, 'list').mockImplementation(async (container, options) => {
      const found = await list(container, options);
      return 'incidentId' in container && container.incidentId === ids[1]
        ? found.map((note) => ({ ...note, id: id as number }))
        : found;
    });
    const report = await engine.reloads.run({});
    expect(report).toMatchObject({ incidents: 3, objects: 15 - 1 });
    expect(report.faults).toEqual([{ incidentId: ids[1], message: expect.stringMatching(/^The id of the note is /) }]);
  });

  it('feeds no note below a parent that is none', async () => {
    engine = await makeEngine(source, { settings: { reload_query_api_method: 'true' } });
    const { artifacts } = source.client;
    const list = artifacts.list.bind(artifacts);
    jest
      .spyOn(artifacts, 'list')
      .mockImplementation(async (incidentId, options) =>
        (await list(incidentId, options)).map((artifact) => ({ ...artifact, parent_id: 1.5 })),
      );
    const report = await engine.reloads.run({});
    expect(report).toMatchObject({ incidents: 3, objects: 15 - 3 });
    expect(report.faults.map(({ message }) => message)).toEqual(
      ids.map(() => expect.stringMatching(/^The parent_id of artifact \d+ is 1.5;/)),
    );
  });

  it('reads from the database what a search gives to no incident', async () => {
    engine = await makeEngine(source);
    const { search } = source.client;
    const children = search.children.bind(search);
    jest
      .spyOn(search, 'children')
      .mockImplementation(async (range, options) =>
        (await children(range, options)).map((result) => ({ ...result, inc_id: 1.5 })),
      );
    expect(await engine.reloads.run({})).toMatchObject({ incidents: 3, objects: 15, faults: [] });
    expect(engine.log.of('warn')).toContainEqual(expect.stringContaining('read one by one'));
  });

  it.each(ODD)('passes over an incident with the id %p, and loads those after it', async (id) => {
    engine = await makeEngine(source);
    const { incidents } = source.client;
    const pages = incidents.pages.bind(incidents);
    const asOdd = <T extends { readonly id: number }>(one: T): T =>
      one.id === ids[0] ? { ...one, id: id as number } : one;
    jest.spyOn(incidents, 'pages').mockImplementation(async function* (query, options) {
      for await (const page of pages(query, options)) yield page.map(asOdd);
    });
    const report = await engine.reloads.run({});
    expect(report).toMatchObject({ incidents: 2, objects: 10 });
    expect(report.faults).toEqual([{ message: expect.stringContaining('an incident with the id') }]);
    expect(seen().every((name) => name.startsWith(`${ids[1]}/`) || name.startsWith(`${ids[2]}/`))).toBe(true);
  });
});
