import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import { ScriptedTarget } from '../../delivery/feedBench.js';
import { makeEngine, startSource, until, watchCheckpoints } from './reloadBench.js';
import type { Engine, EngineOptions, Source } from './reloadBench.js';

jest.setTimeout(60_000);

const QUERY = { reload_query_api_method: 'true' };

let source: Source;
let ids: readonly number[];
let store: MemoryStore;
const engines: Engine[] = [];

beforeEach(async () => {
  source = await startSource();
  ids = source.fill(6);
  store = new MemoryStore();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  await source.stop();
});

async function engineOn(options: EngineOptions = {}): Promise<Engine> {
  const engine = await makeEngine(source, { store, ...options, settings: { ...QUERY, ...options.settings } });
  engines.push(engine);
  return engine;
}

/** Loads everything, then ends: the feed does not learn what happens at the source after that. */
async function loadedBefore(options: EngineOptions = {}): Promise<void> {
  const engine = await engineOn(options);
  const report = await engine.reloads.run({});
  expect(report.deletions).toEqual({ gone: 0, deleted: 0, allowed: 100, refused: false });
  await engine.stop();
}

const deletesOf = (engine: Engine, feed = 'one'): readonly string[] =>
  (engine.targets.get(feed)?.seen ?? []).filter((name) => name.startsWith('delete ')).map((name) => name.slice(7));

describe('deletions missed while down', () => {
  it('are found by a full reload by the query method, of every type, each asked for by itself', async () => {
    const { org } = source;
    const [a, b] = ids as [number, number];
    const milestone = org.addMilestone(a, { title: 'Contained', date: 1_763_000_000_000 });
    const row = org.addRow(a, 'source_only', { what: 'web-1' });
    const file = org.addAttachment({ incidentId: a }, { name: 'a.txt', content: Buffer.from('x') });
    const taskFile = org.addAttachment(
      { taskId: org.tasks(b)[0]?.id ?? 0 },
      { name: 'b.txt', content: Buffer.from('y') },
    );
    await loadedBefore();
    const note = org.notes({ incidentId: a })[0]?.id ?? 0;
    const task = org.tasks(b)[0]?.id ?? 0;
    const artifact = org.artifacts(b)[0]?.id ?? 0;
    const taskNote = org.notes({ taskId: org.tasks(a)[0]?.id ?? 0 })[0]?.id ?? 0;
    org.deleteNote(note);
    org.deleteNote(taskNote);
    org.deleteArtifact(artifact);
    org.deleteMilestone(milestone.id);
    org.deleteRow(row.id);
    org.deleteAttachment(file.id);
    org.deleteTask(task); // with its note and its file

    const engine = await engineOn();
    const report = await engine.reloads.run({});
    const taskNoteOfB = deletesOf(engine).filter((name) => name.startsWith(`${b}/note/`));
    expect([...deletesOf(engine)].sort()).toEqual(
      [
        ...[
          `${a}/note/${note}`,
          `${a}/note/${taskNote}`,
          `${a}/milestone/${milestone.id}`,
          `${a}/source_only/${row.id}`,
          `${a}/attachment/${file.id}`,
        ],
        ...[`${b}/artifact/${artifact}`, `${b}/task/${task}`, `${b}/attachment/${taskFile.id}`, ...taskNoteOfB],
      ].sort(),
    );
    expect(taskNoteOfB).toHaveLength(1);
    expect(report.deletions).toEqual({ gone: 9, deleted: 9, allowed: 100, refused: false });

    // Reported once: the next reload finds nothing to delete, and asks for nothing by itself. (Tasks have no version:
    // as long as the source's clock is in doubt, they would be read again.)
    await sleep(2 * source.client.clock.uncertaintyMs + 50);
    source.simulator.requests.reset();
    const again = await engine.reloads.run({});
    expect(again.deletions).toMatchObject({ gone: 0, deleted: 0 });
    expect(deletesOf(engine)).toHaveLength(9);
    const asked = Object.keys(source.simulator.requests.byRoute).filter((route) =>
      /^GET \/(tasks|incidents)\/:?\w+(\/\w+\/:?\w+)?$/.test(route),
    );
    expect(asked).toEqual([]);
  });

  it('are found also where a restored source gave the id again, to an object of another incident', async () => {
    const { org } = source;
    const [a, b] = ids as [number, number];
    const backup = org.backUp();
    const task = org.createTask(a, { name: 'From after the backup', phase_id: 'Initial' });
    const note = org.addNote({ taskId: task.id }, 'Below it');
    const file = org.addAttachment({ taskId: task.id }, { name: 'a.txt', content: Buffer.from('x') });
    const [artifact] = org.addArtifact(a, { type: 'String', value: 'after the backup' });
    await loadedBefore();
    org.restore(backup);
    const again = org.createTask(b, { name: 'Another one', phase_id: 'Initial' });
    const noteAgain = org.addNote({ taskId: again.id }, 'Another one');
    const fileAgain = org.addAttachment({ taskId: again.id }, { name: 'b.txt', content: Buffer.from('y') });
    const [artifactAgain] = org.addArtifact(b, { type: 'String', value: 'another one' });
    const given = [again.id, noteAgain.id, fileAgain.id, artifactAgain?.id];
    expect(given).toEqual([task.id, note.id, file.id, artifact?.id]);

    const engine = await engineOn();
    const report = await engine.reloads.run({});
    expect([...deletesOf(engine)].sort()).toEqual([
      `${a}/artifact/${artifact?.id}`,
      `${a}/attachment/${file.id}`,
      `${a}/note/${note.id}`,
      `${a}/task/${task.id}`,
    ]);
    expect(report.deletions).toMatchObject({ gone: 4, deleted: 4 });
    expect(engine.targets.get('one')?.seen).toEqual(expect.arrayContaining([`${b}/task/${again.id}`]));
  });

  it('count an incident once, and end its objects, which only the records know', async () => {
    await loadedBefore({ feeds: ['one', 'two'] });
    const [gone, kept] = ids as [number, number];
    source.org.deleteIncident(gone);
    const engine = await engineOn({ feeds: ['one', 'two'], settings: { reconcile_max_deletes: '1' } });
    const report = await engine.reloads.run({});
    expect(report.deletions).toEqual({ gone: 1, deleted: 1, allowed: 1, refused: false });
    for (const feed of ['one', 'two']) {
      const deletes = deletesOf(engine, feed);
      expect(deletes[0]).toBe(`${gone}/incident/${gone}`);
      expect(deletes).toHaveLength(5);
      expect(deletes.every((name) => name.startsWith(`${gone}/`))).toBe(true);
    }
    expect(report.feeds['one']).toMatchObject({ updated: 25 + 5 });
    expect(await store.settlements.last('one', keyOf('incident', kept))).toMatchObject({ deleted: false });
  });

  it('are of incidents only where the objects come by search, as that proves no absence', async () => {
    await loadedBefore();
    source.org.deleteIncident(ids[0] as number);
    source.org.deleteNote(source.org.notes({ incidentId: ids[1] as number })[0]?.id ?? 0);
    const engine = await engineOn({ settings: { reload_query_api_method: 'false' } });
    const report = await engine.reloads.run({});
    expect(report.deletions).toMatchObject({ gone: 1, deleted: 1 });
    expect(deletesOf(engine).every((name) => name.startsWith(`${ids[0]}/`))).toBe(true);
  });

  it('beyond the limit delete nothing until a person says so', async () => {
    await loadedBefore();
    for (const id of ids.slice(0, 3)) source.org.deleteIncident(id);
    const engine = await engineOn({ settings: { reconcile_max_deletes: '2' } });
    const refused = await engine.reloads.run({});
    expect(refused.deletions).toEqual({ gone: 3, deleted: 0, allowed: 2, refused: true });
    expect(deletesOf(engine)).toEqual([]);
    const line = engine.log.lines.find(({ fields }) => fields['event'] === 'reload.deletes-refused');
    expect(line).toMatchObject({ level: 'error', message: expect.stringContaining('--allow-deletes N') });

    const allowed = await engine.reloads.run({ allowDeletes: 3 });
    expect(allowed.deletions).toEqual({ gone: 3, deleted: 3, allowed: 3, refused: false });
    expect(deletesOf(engine).filter((name) => name.includes('/incident/'))).toHaveLength(3);
  });

  it('are left alone where the source forbids or fails to answer', async () => {
    await loadedBefore();
    const { org, simulator } = source;
    const [forbidden, failing, gone] = ids as [number, number, number];
    const hide = (id: number) =>
      simulator.faults.add({ method: 'GET', path: `/incidents/${id}`, status: id === forbidden ? 403 : 400 });
    // No longer in the list, for whatever reason, and not readable by id.
    for (const id of [forbidden, failing, gone]) org.deleteIncident(id);
    for (const id of [forbidden, failing]) hide(id);
    const engine = await engineOn();
    const report = await engine.reloads.run({});
    expect(report.deletions).toMatchObject({ gone: 1, deleted: 1 });
    expect(deletesOf(engine).every((name) => name.startsWith(`${gone}/`))).toBe(true);
    expect(engine.log.of('warn').filter((message) => message.includes('left alone'))).toHaveLength(2);
  });

  it('are not sought in incidents that could not be read wholly', async () => {
    await loadedBefore();
    const { org, simulator } = source;
    const [faulty, fine] = ids as [number, number];
    for (const id of [faulty, fine]) org.deleteNote(org.notes({ incidentId: id })[0]?.id ?? 0);
    simulator.faults.add({ method: 'GET', path: `/incidents/${faulty}/artifacts`, status: 403 });
    const engine = await engineOn();
    const report = await engine.reloads.run({});
    expect(report.faults).toEqual([
      { incidentId: faulty, message: expect.stringContaining('403'), lasting: 'refused' },
    ]);
    expect(deletesOf(engine)).toEqual([expect.stringContaining(`${fine}/note/`)]);
  });

  it('are not mistaken for what came while the reload read', async () => {
    await loadedBefore();
    const { org, simulator } = source;
    const engine = await engineOn();
    const slow = simulator.faults.add({ method: 'GET', path: `/incidents/${ids[0]}/milestones`, delayMs: 400 });
    const running = engine.reloads.run({});
    while (slow.hits === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // The notes of the task and the attachments have been read: these come only by the queue.
    const task = org.tasks(ids[0] as number)[0]?.id ?? 0;
    const note = org.addNote({ taskId: task }, 'New');
    const file = org.addAttachment({ taskId: task }, { name: 'n.txt', content: Buffer.from('n') });
    await engine.bring('note', note.id, ids[0] as number, { ...note, task_id: task } as never);
    await engine.bring('attachment', file.id, ids[0] as number, { ...file, task_id: task } as never);
    const report = await running;
    expect(report.deletions).toMatchObject({ gone: 0 });
    expect(deletesOf(engine)).toEqual([]);
  });

  it('end what stands parked of it', async () => {
    const target = new ScriptedTarget();
    target.answer = ({ key }) =>
      key.type === 'note'
        ? { status: 'waiting', on: { ...key, type: 'note', objectId: 1 } }
        : { status: 'delivered', change: 'updated' };
    const first = await engineOn({ target: () => target });
    await first.reloads.run({});
    await first.stop();
    const note = source.org.notes({ incidentId: ids[0] as number })[0]?.id ?? 0;
    source.org.deleteNote(note);
    const engine = await engineOn();
    expect((await engine.reloads.run({})).deletions).toMatchObject({ gone: 1, deleted: 1 });
    const row = await store.parked.find('one', keyOf('note', note, ids[0]));
    expect(row).toMatchObject({ operation: 'delete' });
  });

  it('are kept by the record of a run that is interrupted', async () => {
    await loadedBefore();
    source.org.deleteIncident(ids[0] as number);
    const slow = source.simulator.faults.add({
      method: 'GET',
      path: `/incidents/${ids[5]}/milestones`,
      delayMs: 1_000,
    });
    const first = await engineOn();
    const running = first.reloads.run({});
    while (slow.hits === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.stop();
    expect(await running).toMatchObject({ interrupted: true });
    slow.remove();
    const second = await engineOn();
    const report = await second.reloads.run({});
    expect(report.continuedAbove).toBeGreaterThanOrEqual(ids[3] as number);
    expect(report.deletions).toMatchObject({ gone: 1, deleted: 1 });
    expect(deletesOf(second)).toContain(`${ids[0]}/incident/${ids[0]}`);
  });

  it('are not sought when the config says so, nor by a reload of what changed', async () => {
    await loadedBefore();
    source.org.deleteIncident(ids[0] as number);
    const engine = await engineOn({ settings: { reconcile_deletes: 'false' } });
    expect(await engine.reloads.run({})).not.toHaveProperty('deletions');
    expect(await engine.reloads.run({ kind: 'changed', reconcile: true })).not.toHaveProperty('deletions');
    expect(deletesOf(engine)).toEqual([]);
    // A reload that is asked to look finds it.
    expect((await engine.reloads.run({ reconcile: true })).deletions).toMatchObject({ gone: 1, deleted: 1 });
    expect(deletesOf(engine)).toContain(`${ids[0]}/incident/${ids[0]}`);
  });

  it('are found by the run that goes on where one stopped between the settling of a page and its comparing', async () => {
    await loadedBefore();
    const incidentId = ids[1] as number;
    const note = source.org.notes({ incidentId })[0]?.id ?? 0;
    source.org.deleteNote(note);
    // Whether it is gone has no answer yet.
    const asked = source.simulator.faults.add({
      method: 'GET',
      path: new RegExp(`/incidents/${incidentId}/comments/${note}$`),
      status: 503,
    });
    const first = await engineOn();
    const written: number[] = [];
    watchCheckpoints(store, (at) => written.push(at));
    const running = first.reloads.run({});
    // Four incidents of five objects each, without the note.
    await until(() => asked.hits > 0 && first.targets.get('one')?.seen.length === 19, 'a page that has settled');
    await until(() => first.feeds[0]?.restless === false, 'its settlements');
    await first.stop();
    expect(await running).toMatchObject({ interrupted: true });
    expect(written).toEqual([]);
    asked.remove();
    const second = await engineOn();
    const report = await second.reloads.run({});
    expect(report).not.toHaveProperty('continuedAbove');
    expect(report.deletions).toMatchObject({ gone: 1, deleted: 1 });
    expect(deletesOf(second)).toEqual([`${incidentId}/note/${note}`]);
  });
});

function keyOf(type: string, objectId: number, incidentId = objectId) {
  return { orgId: source.org.id, incidentId, type, objectId };
}
