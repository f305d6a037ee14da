import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Clock } from '@soar-feed/core';
import { systemClock } from '../../../src/host/systemClock.js';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import { makeEngine, startSource, until } from './reloadBench.js';
import type { Engine, EngineOptions, Source } from './reloadBench.js';

jest.setTimeout(60_000);

let source: Source;
let ids: readonly number[];
let store: MemoryStore;
let nowMs: number;
const engines: Engine[] = [];

/** The source's clock equals ours; an hour lies between what was loaded and what is changed. */
const HOUR = 3_600_000;

beforeEach(async () => {
  nowMs = Date.now() - HOUR;
  source = await startSource({ now: () => nowMs });
  ids = source.fill(6);
  store = new MemoryStore();
  nowMs = Date.now();
  await source.client.types.all(); // an answer tells the time
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  await source.stop();
});

async function engineOn(options: EngineOptions = {}): Promise<Engine> {
  const engine = await makeEngine(source, { store, ...options });
  engines.push(engine);
  return engine;
}

const seenBy = (engine: Engine, feed = 'one'): readonly string[] => engine.targets.get(feed)?.seen ?? [];
const incidentsOf = (names: readonly string[]): readonly number[] => [
  ...new Set(names.map((name) => Number(name.split('/')[0]))),
];

describe('a reload of what changed', () => {
  it('loads everything the first time, then only incidents that changed since the last complete one began', async () => {
    const first = await engineOn();
    const whole = await first.reloads.run({ kind: 'changed' });
    expect(whole).toMatchObject({ incidents: 6 });
    await first.stop();

    source.org.updateIncident(ids[2] as number, { name: 'Changed' });
    source.org.addNote({ incidentId: ids[4] as number }, 'And its incident with it');
    source.simulator.requests.reset();
    const engine = await engineOn();
    const report = await engine.reloads.run({ kind: 'changed' });
    expect(report).toMatchObject({ incidents: 2, interrupted: false, faults: [] });
    expect(incidentsOf(seenBy(engine))).toEqual([ids[2], ids[4]]);
    expect(seenBy(engine)).toHaveLength(2 * 5 + 1);
    // A recent change comes from the database, because the index may lag.
    expect(source.simulator.requests.byRoute).not.toHaveProperty(['POST /search_ex']);
  });

  it('looks back by the overlap, from when the last complete one started', async () => {
    const first = await engineOn();
    await first.reloads.run({});
    nowMs = Date.now() - 100_000;
    source.org.updateIncident(ids[1] as number, { name: 'Shortly before' });
    nowMs = Date.now();
    expect(await first.reloads.run({ kind: 'changed' })).toMatchObject({ incidents: 1 });
    await first.stop();
    const engine = await engineOn({ settings: { reload_overlap: '10s' } });
    expect(await engine.reloads.run({ kind: 'changed' })).toMatchObject({ incidents: 0 });
  });

  it.each([-20, 20])('reckons with a source whose clock is %i minutes off', async (minutes) => {
    source.org.clockOffsetMs = minutes * 60_000;
    await source.client.types.all();
    nowMs = Date.now() - 5 * 60_000;
    source.org.updateIncident(ids[1] as number, { name: 'Long before' });
    nowMs = Date.now();
    const engine = await engineOn({ settings: { reload_overlap: '10s' } });
    await engine.reloads.run({});
    nowMs = Date.now();
    source.org.updateIncident(ids[2] as number, { name: 'Changed' });
    expect(await engine.reloads.run({ kind: 'changed' })).toMatchObject({ incidents: 1 });
    expect(seenBy(engine).at(-1)).toContain(`${ids[2]}/`);
  });

  it.each([
    ['ours was set back', { startedAtMs: 20 * 60_000, sourceStartedAtMs: 0 }],
    ['the source’s was set back', { startedAtMs: 0, sourceStartedAtMs: 20 * 60_000 }],
  ])('misses nothing where a clock was set since the last one: %s', async (_, ahead) => {
    const engine = await engineOn({ settings: { reload_overlap: '10s' } });
    await engine.reloads.run({});
    const name = 'reload complete: one';
    const found = await store.checkpoints.read(name);
    if (found === undefined) throw new Error('no record');
    const recorded = Number(found.detail?.['sourceStartedAtMs']);
    expect(Math.abs(recorded - found.startedAtMs)).toBeLessThan(5_000);
    await store.checkpoints.write(name, {
      ...found,
      startedAtMs: found.startedAtMs + ahead.startedAtMs,
      detail: { ...found.detail, sourceStartedAtMs: recorded + ahead.sourceStartedAtMs },
    });
    nowMs = Date.now();
    source.org.updateIncident(ids[2] as number, { name: 'Changed' });
    expect(await engine.reloads.run({ kind: 'changed' })).toMatchObject({ incidents: 1 });
  });

  it('is not counted from a reload of a part, of other types, or with faults', async () => {
    const engine = await engineOn();
    await engine.reloads.run({ maxIncidentId: ids[3] as number });
    await engine.reloads.run({ types: ['note'] });
    const fault = source.simulator.faults.add({ method: 'POST', path: '/search_ex', status: 400 });
    source.simulator.faults.add({ path: `/incidents/${ids[0]}/artifacts`, status: 403 });
    expect((await engine.reloads.run({})).faults).toHaveLength(1);
    fault.remove();
    source.simulator.faults.clear();
    expect(await engine.reloads.run({ kind: 'changed' })).toMatchObject({ incidents: 6 });
    expect(await engine.reloads.run({ kind: 'changed' })).toMatchObject({ incidents: 0 });
  });

  it('loads a feed wholly that was added later, and the others as ever', async () => {
    await (await engineOn()).reloads.run({});
    const engine = await engineOn({ feeds: ['one', 'two'] });
    const report = await engine.reloads.run({ kind: 'changed' });
    expect(seenBy(engine, 'one')).toEqual([]);
    expect(incidentsOf(seenBy(engine, 'two'))).toEqual(ids);
    expect(report.feeds['two']).toMatchObject({ updated: 30 });
    expect(await engine.reloads.run({ kind: 'changed' })).toMatchObject({ incidents: 0 });
  });

  it('misses objects of untouched incidents where an edit leaves the date alone, unless told to search them', async () => {
    source.simulator.behaviour.childrenTouchIncident = false;
    await (await engineOn()).reloads.run({});
    const note = source.org.addNote({ incidentId: ids[4] as number }, 'Unseen');
    source.org.updateIncident(ids[2] as number, { name: 'Changed' });
    const without = await engineOn();
    await without.reloads.run({ kind: 'changed' });
    expect(incidentsOf(seenBy(without))).toEqual([ids[2]]);
    expect(await store.settlements.last('one', keyOf('note', note.id, ids[4] as number))).toBeUndefined();

    const engine = await engineOn({ settings: { reload_changed_children: 'true' } });
    const report = await engine.reloads.run({ kind: 'changed' });
    expect(seenBy(engine)).toContain(`${ids[4]}/note/${note.id}`);
    expect(report).toMatchObject({ incidents: 1 });
    expect(report.byType['note']).toBe(13);
  });
});

describe('reloads in the background', () => {
  it('begin at the start and leave it free; progress tells how far they are', async () => {
    const engine = await engineOn();
    engine.reloads.start('full');
    expect(engine.reloads.status).toMatchObject({ running: false });
    await until(() => engine.reloads.status.running, 'the reload at start');
    expect(engine.reloads.status).toMatchObject({ kind: 'full' });
    await until(() => !engine.reloads.status.running, 'its end');
    expect(engine.reloads.status).toMatchObject({ incidents: 6, objects: 30, settledUpTo: ids[5], faults: 0 });
    expect(engine.log.lines.map(({ fields }) => fields['event'])).toEqual(
      expect.arrayContaining(['reload.started', 'reload.finished']),
    );
  });

  it('come again by the clock, after the last full one whoever asked for it', async () => {
    const settings = { reload_every: '1m' };
    const fulls = (engine: Engine): number =>
      engine.log.lines.filter(({ fields }) => fields['event'] === 'reload.started').length;
    const first = await engineOn({ settings });
    first.reloads.start(false);
    await until(() => fulls(first) === 1 && !first.reloads.status.running, 'the first, as there was none');
    await first.stop();
    const second = await engineOn({ settings });
    second.reloads.start(false);
    await second.reloads.run({ kind: 'changed' });
    expect(fulls(second)).toBe(1); // the one just asked for
    await second.stop();

    for (const [name, at] of [['reload complete: one', -61_000]] as const) {
      const found = await store.checkpoints.read(name);
      if (found === undefined) throw new Error('no record');
      await store.checkpoints.write(name, { ...found, detail: { ...found.detail, fullStartedAtMs: Date.now() + at } });
    }
    const third = await engineOn({ settings });
    third.reloads.start('changed');
    await until(() => fulls(third) === 2, 'what changed, then everything');
    const kinds = third.log.lines
      .filter(({ fields }) => fields['event'] === 'reload.started')
      .map(({ fields }) => fields['kind']);
    expect(kinds).toEqual(['changed', 'full']);
  });

  it('go on after their time although the record is from the future, as the clock was set back', async () => {
    const first = await engineOn();
    await first.reloads.run({ kind: 'full' });
    await first.stop();
    const name = 'reload complete: one';
    const found = await store.checkpoints.read(name);
    if (found === undefined) throw new Error('no record');
    const fullStartedAtMs = Date.now() + 86_400_000;
    await store.checkpoints.write(name, { ...found, detail: { ...found.detail, fullStartedAtMs } });
    // A minute takes a second.
    const clock: Clock = {
      ...systemClock,
      steadyMs: () => performance.now() * 60,
      sleep: (ms, signal) => systemClock.sleep(ms / 60, signal),
    };
    const engine = await engineOn({ settings: { reload_every: '1m' }, clock });
    const beganMs = performance.now();
    engine.reloads.start(false);
    await until(() => engine.log.lines.some(({ fields }) => fields['event'] === 'reload.started'), 'a full reload');
    expect(performance.now() - beganMs).toBeGreaterThan(900);
    await engine.stop();
  });

  it('say what failed, and stop with the host', async () => {
    source.simulator.faults.add({ method: 'POST', path: '/incidents/query_paged', status: 403 });
    const engine = await engineOn();
    engine.reloads.start('full');
    await until(() => engine.log.lines.some(({ fields }) => fields['event'] === 'reload.failed'), 'a line');
    source.simulator.faults.clear();
    const away = source.simulator.faults.add({ method: 'POST', path: '/incidents/query_paged', reset: 'before' });
    const running = engine.reloads.run({});
    await until(() => away.hits > 0, 'a try');
    await engine.stop();
    expect(await running).toMatchObject({ interrupted: true, incidents: 0 });
  });
});

function keyOf(type: string, objectId: number, incidentId: number) {
  return { orgId: source.org.id, incidentId, type, objectId };
}
