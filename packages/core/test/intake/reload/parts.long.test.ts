import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { systemClock } from '../../../src/host/systemClock.js';
import { PartReader } from '../../../src/intake/reload/PartReader.js';
import { openPatiently } from '../../../src/source/patience/openIncidents.js';
import { makeEngine, startSource, until } from './reloadBench.js';
import type { Engine, Source } from './reloadBench.js';

jest.setTimeout(60_000);

const INCIDENTS = 4;

let source: Source;
let ids: readonly number[];
const engines: Engine[] = [];

beforeEach(async () => {
  // Back-off is full jitter of seconds; its length is not what is tested here.
  jest.spyOn(Math, 'random').mockReturnValue(0.002);
  source = await startSource();
  ids = source.fill(INCIDENTS);
  for (const incidentId of ids) {
    source.org.addMilestone(incidentId, { title: 'One', date: 1_763_000_000_000 });
    source.org.addAttachment({ incidentId }, { name: 'a.txt', content: Buffer.from('a') });
  }
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const engine of engines.splice(0)) await engine.stop();
  await source.stop();
});

async function engineOn(): Promise<Engine> {
  const settings = { reload_query_api_method: 'true', reconcile_deletes: 'true' };
  const engine = await makeEngine(source, { settings });
  engines.push(engine);
  return engine;
}

/** Per incident, with everything: an incident, a task, two notes, an artifact, an attachment, a milestone. */
const WHOLE = { incident: 4, task: 4, note: 8, artifact: 4, attachment: 4, milestone: 4 };

const PARTS = [
  ['tasks', { method: 'GET', path: /\/incidents\/\d+\/tasks$/ }, { task: undefined, note: 4 }],
  ['notes', { method: 'GET', path: /\/incidents\/\d+\/comments$/ }, { note: 4 }],
  ['artifacts', { method: 'GET', path: /\/incidents\/\d+\/artifacts$/ }, { artifact: undefined }],
  ['attachments', { path: /\/incidents\/\d+\/attachments/ }, { attachment: undefined }],
  ['milestones', { method: 'GET', path: /\/incidents\/\d+\/milestones$/ }, { milestone: undefined }],
  ['table rows', { method: 'GET', path: /\/incidents\/\d+\/table_data/ }, {}],
] as const;

describe.each(PARTS)('where the source gives no incident’s %s', (name, path, lacking) => {
  it.each([403, 404, 405])('(%i) all others come, each lack is told, and nothing is deleted', async (status) => {
    const engine = await engineOn();
    expect(await engine.reloads.run({})).toMatchObject({ byType: WHOLE, faults: [] });
    const refused = source.simulator.faults.add({ ...path, status });
    const report = await engine.reloads.run({});
    expect(refused.hits).toBeGreaterThanOrEqual(INCIDENTS);
    expect(report.byType).toEqual(defined({ ...WHOLE, ...lacking }));
    expect(report.faults).toEqual(
      ids.map((incidentId) => ({
        incidentId,
        message: expect.stringMatching(new RegExp(`^Its ${name}: .*${status}`)),
        lasting: 'refused',
      })),
    );
    expect(report.deletions).toMatchObject({ gone: 0, deleted: 0 });
    const told = engine.log.lines.filter(({ fields }) => fields['event'] === 'reload.fault');
    expect(told.filter(({ level }) => level === 'error').length).toBeGreaterThan(0);
    expect(told.map(({ fields }) => fields['incidentId']).sort()).toEqual([...ids]);
  });
});

describe('where the source fails for each incident’s milestones', () => {
  const MILESTONES = { method: 'GET', path: /\/incidents\/\d+\/milestones$/ } as const;

  it('they are done without after some minutes, asked for once an incident, and come back by themselves', async () => {
    const { client, catalog } = source;
    const log = recordingLogger();
    const { signal } = new AbortController();
    let aheadMs = 0;
    const clock = { ...systemClock, steadyMs: () => performance.now() + aheadMs };
    const asked = { client, catalog, log, clock, source: { fetch: async () => undefined } };
    const incidents = openPatiently(asked)({ waits: 'nobody', signal });
    const parts = new PartReader({ source: incidents, catalog, log, signal });
    const failing = source.simulator.faults.add({ ...MILESTONES, status: 500 });
    const [first = 0, second = 0, third = 0] = ids;
    let isOver = false;
    const reading = parts.read(first, [second], () => true).finally(() => (isOver = true));
    await until(() => failing.hits > 30, 'a reading that waits');
    expect(isOver).toBe(false);
    aheadMs = 5 * 60_000;
    const read = await reading;
    expect(read.faults).toEqual([{ incidentId: first, message: expect.stringMatching(/^Its milestones: .*500/) }]);
    expect(read.objects.map(({ schema }) => schema.name)).toEqual(['task', 'note', 'note', 'artifact', 'attachment']);
    const before = failing.hits;
    expect((await parts.read(second, [first], () => true)).faults).toHaveLength(1);
    expect(failing.hits).toBe(before + 1);
    failing.remove();
    expect(await parts.read(third, [first], () => true)).toMatchObject({ faults: [], notFound: false });
    // From now on, patient again.
    const again = source.simulator.faults.add({ ...MILESTONES, status: 500, times: 3 });
    expect(await parts.read(third, [first], () => true)).toMatchObject({ faults: [] });
    expect(again.hits).toBe(3);
  });

  it('a part that is not wanted is not asked for', async () => {
    const failing = source.simulator.faults.add({ ...MILESTONES, status: 403 });
    const engine = await engineOn();
    const report = await engine.reloads.run({ types: ['incident', 'task'] });
    expect(report).toMatchObject({ byType: { incident: 4, task: 4 }, faults: [] });
    expect(failing.hits).toBe(0);
  });
});

function defined(counts: Readonly<Record<string, number | undefined>>): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
}
