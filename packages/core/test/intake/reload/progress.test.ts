import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ReloadProgress } from '../../../src/intake/reload/ReloadIntake.js';
import type { ReloadRequest } from '../../../src/intake/reload/ReloadRequest.js';
import { makeEngine, startSource } from './reloadBench.js';
import type { Engine, Source } from './reloadBench.js';

jest.setTimeout(60_000);
jest.spyOn(Math, 'random').mockReturnValue(0.002);

let source: Source;
let ids: readonly number[];
let engine: Engine;

beforeAll(async () => {
  source = await startSource();
  ids = source.fill(10);
  engine = await makeEngine(source, {});
});
afterAll(async () => {
  await engine.stop();
  await source.stop();
});
afterEach(() => source.simulator.faults.clear());

/** What was reported on the way, apart from the very beginning, each once. */
async function totalsOf(request: ReloadRequest): Promise<readonly (number | undefined)[]> {
  const told: ReloadProgress[] = [];
  await engine.reloads.run(request, (progress) => told.push(progress));
  return [...new Set(told.slice(1).map(({ ofIncidents }) => ofIncidents))];
}

describe('the progress of a reload', () => {
  it('knows from the first page on how many incidents there are', async () => {
    expect(await totalsOf({})).toEqual([10]);
    expect(engine.reloads.status).toMatchObject({ incidents: 10, ofIncidents: 10, running: false });
  });

  it('counts those of its range', async () => {
    expect(await totalsOf({ minIncidentId: ids[2] as number, maxIncidentId: ids[7] as number })).toEqual([6]);
  });

  it('says no total where incidents are not what is loaded', async () => {
    expect(await totalsOf({ types: ['note'] })).toEqual([undefined]);
  });

  it('counts what came before the page that the count came with', async () => {
    // The first page is read incident by incident, whose walk is not counted.
    source.simulator.faults.add({ method: 'POST', path: '/incidents/query_paged', status: 400, times: 3 });
    expect(await totalsOf({})).toEqual([undefined, 10]);
  });
});
