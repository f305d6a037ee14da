import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { keyText } from '@soar-feed/core';
import { ScriptedTarget } from '../../delivery/feedBench.js';
import { makeEngine, startSource, until } from './reloadBench.js';
import type { Engine, EngineOptions, Source } from './reloadBench.js';

jest.setTimeout(60_000);

let source: Source;
let ids: readonly number[];
let target: Copy;
const engines: Engine[] = [];

/** Keeps the last payload of every object; what is deleted stays deleted unless it is delivered again. */
class Copy extends ScriptedTarget {
  readonly objects = new Map<string, FeedEvent['payload']>();
  constructor() {
    super();
    this.answer = (event) => {
      const { key, payload, operation } = event;
      if (operation === 'delete') this.objects.delete(keyText(key));
      else this.objects.set(keyText(key), payload);
      return { status: 'delivered', change: operation === 'delete' ? 'deleted' : 'updated' };
    };
  }
}

beforeEach(async () => {
  source = await startSource();
  ids = source.fill(3);
  target = new Copy();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  await source.stop();
});

async function engineOn(options: EngineOptions = {}): Promise<Engine> {
  const engine = await makeEngine(source, { target: () => target, ...options });
  engines.push(engine);
  return engine;
}

const keyOf = (type: string, objectId: number, incidentId = ids[0] as number) => ({
  orgId: source.org.id,
  incidentId,
  type,
  objectId,
});
const copyOf = (type: string, objectId: number) => target.objects.get(keyText(keyOf(type, objectId)));
const as = (object: object) => ({ ...object }) as FeedEvent['payload'];

/** The index shows the source as it is now, whatever happens next. */
function freezeIndex(): void {
  source.simulator.behaviour.searchLagMs = 0;
  frozen = source.client.search.children.bind(source.client.search);
}
let frozen: Source['client']['search']['children'] | undefined;

/** From now on searches answer what they would have answered at `freezeIndex`. */
async function staleSearch(): Promise<() => void> {
  const { search } = source.client;
  if (frozen === undefined) throw new Error('freezeIndex first');
  const types = ['task', 'note', 'milestone', 'artifact', 'attachment', 'datatable'] as const;
  const results = await frozen({ minIncidentId: ids[0] as number, maxIncidentId: ids.at(-1) as number, types });
  const spy = jest.spyOn(search, 'children').mockResolvedValue(results);
  return () => spy.mockRestore();
}

describe('a reload whose search index lags behind', () => {
  it.each(['task', 'milestone', 'note', 'artifact'] as const)(
    'does not set back a %s that the queue brought',
    async (type) => {
      const { org } = source;
      const id =
        {
          task: org.tasks(ids[0] as number)[0]?.id,
          note: org.notes({ incidentId: ids[0] as number })[0]?.id,
          artifact: org.artifacts(ids[0] as number)[0]?.id,
          milestone: org.addMilestone(ids[0] as number, { title: 'Old', date: 1_763_000_000_000 }).id,
        }[type] ?? 0;
      freezeIndex();
      const restore = await staleSearch();
      const engine = await engineOn();
      await new Promise((resolve) => setTimeout(resolve, 3)); // a later ms than the create
      const changed = {
        task: () => org.updateTask(id, { name: 'New' }),
        milestone: () => org.updateMilestone(id, { title: 'New' }),
        note: () => org.editNote(id, 'New'),
        artifact: () => org.updateArtifact(id, { description: 'New' }),
      }[type]();
      await engine.bring(type, id, ids[0] as number, as(changed));
      await engine.reloads.run({});
      expect(JSON.stringify(copyOf(type, id))).toContain('New');
      // A second one, after the first has read the object again.
      await engine.reloads.run({});
      restore();
      expect(JSON.stringify(copyOf(type, id))).toContain('New');
    },
  );

  it('does not set back a note that was edited twice in one millisecond', async () => {
    const note = source.org.notes({ incidentId: ids[0] as number })[0];
    if (note === undefined) throw new Error('no note');
    freezeIndex();
    const restore = await staleSearch();
    const engine = await engineOn();
    // The same modify_date as in the index, but another text.
    await engine.bring('note', note.id, ids[0] as number, { ...as(note), text: 'New' });
    source.org.editNote(note.id, 'New');
    await engine.reloads.run({});
    restore();
    expect(JSON.stringify(copyOf('note', note.id))).toContain('New');
  });

  it('does not set back a parked task', async () => {
    const task = source.org.tasks(ids[0] as number)[0];
    if (task === undefined) throw new Error('no task');
    freezeIndex();
    const restore = await staleSearch();
    const engine = await engineOn();
    const deliver = target.answer;
    target.answer = ({ key }) => ({ status: 'waiting', on: { ...key, type: 'incident', objectId: key.incidentId } });
    await engine.bring('task', task.id, ids[0] as number, as(source.org.updateTask(task.id, { name: 'New' })));
    target.answer = deliver;
    await engine.reloads.run({});
    restore();
    // It is parked, to be read when its turn comes.
    const [rows] = engine.rows;
    rows?.back.start();
    await until(() => rows?.parking.index.size === 0, 'nothing stands parked').finally(() => rows?.back.stop());
    expect(JSON.stringify(copyOf('task', task.id))).toContain('New');
  });

  it('makes nothing again that the queue deleted, itself or with its incident', async () => {
    const { org } = source;
    const note = org.notes({ incidentId: ids[0] as number })[0]?.id ?? 0;
    freezeIndex();
    const restore = await staleSearch();
    const { client } = source;
    const listed: unknown[] = [];
    for await (const page of client.incidents.pages()) listed.push(...page);
    const spy = jest.spyOn(client.incidents, 'pages').mockImplementation(async function* () {
      yield listed as never;
    });
    const engine = await engineOn();
    org.deleteNote(note);
    await engine.bring('note', note, ids[0] as number, { id: note }, 'delete');
    org.deleteIncident(ids[1] as number); // its objects have no message
    await engine.bring('incident', ids[1] as number, ids[1] as number, { id: ids[1] }, 'delete');
    await engine.reloads.run({ reconcile: false });
    spy.mockRestore();
    restore();
    expect(copyOf('note', note)).toBeUndefined();
    expect([...target.objects.keys()].filter((key) => key.startsWith(`${org.id}/${ids[1]}/`))).toEqual([]);
    expect(target.objects.size).toBe(2 * 5 - 1);
  });
});

describe('a delete that races with the snapshot of a reload', () => {
  it('wins, whichever comes first into the lane', async () => {
    const { org } = source;
    const task = org.tasks(ids[0] as number)[0]?.id ?? 0;
    const engine = await engineOn({ settings: { reload_query_api_method: 'true' } });
    const slow = source.simulator.faults.add({ method: 'GET', path: `/incidents/${ids[0]}/milestones`, delayMs: 300 });
    const running = engine.reloads.run({});
    await until(() => slow.hits > 0, 'the tasks are read');
    org.deleteTask(task);
    await engine.bring('task', task, ids[0] as number, { id: task }, 'delete');
    await running;
    expect(copyOf('task', task)).toBeUndefined();
    expect([...target.objects.keys()].filter((key) => key.startsWith(`${org.id}/${ids[0]}/note`))).toHaveLength(1);
    expect(await engine.store.settlements.last('one', keyOf('task', task))).toMatchObject({ deleted: true });
  });

  it('of an incident between its listing and its reading is no fault', async () => {
    const { org, client } = source;
    const engine = await engineOn({ settings: { reload_query_api_method: 'true' } });
    const pagesOf = client.incidents.pages.bind(client.incidents);
    const spy = jest.spyOn(client.incidents, 'pages').mockImplementation(async function* (query, options) {
      for await (const page of pagesOf(query, options)) {
        if (org.incidentIds().includes(ids[1] as number)) org.deleteIncident(ids[1] as number);
        yield page;
      }
    });
    const report = await engine.reloads.run({});
    spy.mockRestore();
    expect(report).toMatchObject({ incidents: 2, faults: [] });
    expect([...target.objects.keys()].some((key) => key.includes(`/${ids[1]}/`))).toBe(false);
  });
});

describe('beside the queue', () => {
  it('live changes overtake a reload: their latency stays bounded', async () => {
    const many = source.fill(30);
    const deliver = target.answer;
    const STEP_MS = 20;
    target.answer = async (event, context) => {
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
      return deliver(event, context);
    };
    const engine = await engineOn({ feedOptions: { concurrency: 4 }, settings: { reload_page_size: '100' } });
    let ended = false;
    const running = engine.reloads.run({}).finally(() => (ended = true));
    await until(() => target.seen.length > 20, 'the reload is in full swing');
    const latencies: number[] = [];
    for (let at = 0; at < 12 && !ended; at += 1) {
      // An incident that the reload has not reached, and one that it is about to deliver.
      const incidentId = (at % 2 === 0 ? many.at(-1 - at) : many[at]) as number;
      const note = source.org.addNote({ incidentId }, 'Live');
      const from = performance.now();
      await engine.bring('note', note.id, incidentId, as(note));
      latencies.push(performance.now() - from);
    }
    const report = await running;
    expect(latencies.length).toBeGreaterThan(6);
    // Lanes take turns: at worst, each event ahead in its own lane costs one round of all lanes (twice the
    // concurrency).
    const wholeMs = (report.objects * STEP_MS) / 4;
    const slowest = Math.max(...latencies);
    expect(slowest).toBeLessThan(Math.min(2_000, wholeMs));
    latencies.sort((a, b) => a - b);
    expect(latencies[Math.floor(latencies.length / 2)]).toBeLessThan(STEP_MS * 20);
  });

  it('an incident of very many objects does not fill the memory of a feed, so that live changes need not be parked', async () => {
    const id = source.fill(1)[0] as number;
    for (let at = 0; at < 400; at += 1) source.org.addArtifact(id, { type: 'String', value: `many ${at}` });
    const engine = await engineOn({ feedOptions: { concurrency: 2, maxQueued: 150 } });
    let most = 0;
    const deliver = target.answer;
    target.answer = async (event, context) => {
      most = Math.max(most, engine.feeds[0]?.status().queued ?? 0);
      return deliver(event, context);
    };
    const report = await engine.reloads.run({});
    expect(report.feeds['one']).toMatchObject({ parked: 0, updated: 20 + 400 });
    expect(most).toBeLessThanOrEqual(250);
  });
});
