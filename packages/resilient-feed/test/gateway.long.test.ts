import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import type { GatewayAnswer } from '@soar-feed/soar-simulator';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

/** Every endpoint that makes an object. */
const CREATES = /\/(incidents|tasks|comments|artifacts|files|attachments|milestones|row_data)$/;

describe('a gateway before the target', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  beforeAll(async () => {
    bench = await FeedBench.start();
    feed = await bench.feed();
  });
  afterEach(() => bench.simulator.faults.clear());
  afterAll(() => bench.stop());

  /** An incident with one object of every type under it, sixteen creates with the note about its origin. */
  async function everything(name: string): Promise<FeedEvent[]> {
    const { source, events } = bench;
    const { id } = source.createIncident({ name, discovered_date: 1, properties: { ticket: 'T' } });
    const task = source.createTask(id, { name: 'Task' });
    source.createTask(id, { name: 'Another task' });
    const note = source.addNote({ incidentId: id }, 'a <b>note</b>');
    source.reply(note.id, 'a reply');
    source.addNote({ taskId: task.id }, 'of the task');
    source.addArtifact(id, { type: 'String', value: 'x', description: 'd' });
    source.addArtifact(id, { type: 'String', value: 'y' });
    source.addFileArtifact(id, { type: 'Log File' }, { name: 'a.log', content: Buffer.from('log') });
    source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('a') });
    source.addAttachment({ taskId: task.id }, { name: 'b.txt', content: Buffer.from('b') });
    source.addMilestone(id, { title: 'Milestone', date: 1 });
    source.addMilestone(id, { title: 'Milestone', date: 1 });
    source.addRow(id, 'hosts', { host: 'h', state: 'Clean' });
    source.addRow(id, 'hosts', { host: 'h', state: 'Clean' });
    return events.whole(id);
  }

  function copiesOf(name: string): readonly number[] {
    return bench.target
      .incidents()
      .filter((one) => one.name === name)
      .map(({ id }) => id);
  }

  function counts(incidentId: number): Record<string, number> {
    const { target } = bench;
    const own = target.tasks(incidentId).filter(({ name }) => name.endsWith('ask'));
    const notes = target.notes({ incidentId });
    const ofTasks = own.map(({ id }) => ({ taskId: id }));
    return {
      tasks: own.filter(({ name }) => name === 'Task' || name === 'Another task').length,
      notes: notes.length,
      replies: notes.flatMap(({ children }) => children).length,
      taskNotes: ofTasks.flatMap((task) => target.notes(task)).length,
      artifacts: target.artifacts(incidentId).length,
      attachments: target.attachments({ incidentId }).length,
      taskAttachments: ofTasks.flatMap((task) => target.attachments(task)).length,
      milestones: target.milestones(incidentId).length,
      rows: target.rows(incidentId).length,
    };
  }

  const COMPLETE = {
    ...{ tasks: 2, notes: 2, replies: 1, taskNotes: 1, artifacts: 3 },
    ...{ attachments: 1, taskAttachments: 1, milestones: 2, rows: 2 },
  };

  it.each<[string, GatewayAnswer]>([
    ['503', { status: 503, commit: 'after' }],
    ['404', { status: 404, page: 'text', commit: 'after' }],
    ['200 with a page', { status: 200, commit: 'after' }],
  ])('that says %s after each create was done makes no twin', async (name, gateway) => {
    const events = await everything(name);
    let struck = 0;
    for (const event of events) {
      for (let attempt = 1; ; attempt++) {
        const fault = bench.simulator.faults.add({
          method: 'POST',
          path: CREATES,
          gateway,
          times: attempt > 2 ? 0 : 1,
        });
        try {
          await bench.deliver(feed, event, attempt);
          break;
        } catch (error) {
          expect(error).toMatchObject({ kind: 'unavailable', code: 'not-the-platform' });
        } finally {
          struck += fault.hits;
          bench.simulator.faults.clear();
        }
      }
    }
    expect(struck).toBeGreaterThanOrEqual(15);
    const copies = copiesOf(name);
    expect(copies).toHaveLength(1);
    expect(counts(copies[0] ?? 0)).toEqual(COMPLETE);
    expect(await bench.requests(() => bench.deliverAll(feed, events))).toEqual([]);
  });

  it('that hides that an update was done does not hide the change back', async () => {
    const { source, target, events, simulator } = bench;
    const { id } = source.createIncident({ name: 'As it was', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'as it was');
    const [, ...notes] = await events.whole(id);
    const before = await events.incident(id);
    await bench.deliverAll(feed, [before, ...notes]);
    const [copy = 0] = copiesOf('As it was');
    for (const method of ['PATCH', 'PUT'])
      simulator.faults.add({ org: target.id, method, gateway: { status: 302, commit: 'after' } });
    source.updateIncident(id, { name: 'Changed' });
    source.editNote(note.id, 'changed');
    for (const event of (await events.whole(id)).filter(
      ({ key }) => key.type === 'incident' || key.objectId === note.id,
    ))
      await expect(bench.deliver(feed, event)).rejects.toMatchObject({ code: 'not-the-platform' });
    expect(target.incident(copy).name).toBe('Changed');
    simulator.faults.clear();
    source.updateIncident(id, { name: 'As it was' });
    source.editNote(note.id, 'as it was');
    await bench.deliverAll(feed, await events.whole(id));
    expect(target.incident(copy).name).toBe('As it was');
    expect(target.notes({ incidentId: copy }).map(({ text }) => text)).toContain('as it was');
    expect(target.notes({ incidentId: copy }).map(({ text }) => text)).not.toContain('changed');
    // What was sent counts again: nothing is sent twice.
    expect(await bench.requests(async () => bench.deliverAll(feed, await events.whole(id)))).toEqual([]);
  });

  it.each([404, 405, 400])('that says %i before anything is done draws no conclusion', async (status) => {
    const name = `Away ${status}`;
    const { source, events } = bench;
    const whole = await everything(name);
    await bench.deliverAll(feed, whole);
    const [incident] = whole;
    const id = incident?.key.objectId ?? 0;
    source.updateIncident(id, { name: `${name} changed` });
    for (const task of source.tasks(id)) source.updateTask(task.id, { name: `${task.name} changed` });
    const changed = await events.whole(id);
    bench.simulator.faults.add({ gateway: { status, commit: 'before' } });
    for (const event of changed.slice(0, 4)) {
      await bench.deliver(feed, event).then(
        (result) => expect(result).toMatchObject({ change: 'unchanged' }),
        (error: unknown) => expect(error).toMatchObject({ kind: 'unavailable' }),
      );
    }
    const [note] = changed.filter(({ key }) => key.type === 'note');
    if (note === undefined) throw new Error('no note');
    await expect(bench.deliver(feed, { ...note, operation: 'delete' })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    bench.simulator.faults.clear();

    await bench.deliverAll(feed, changed);
    expect(copiesOf(name)).toEqual([]);
    expect(copiesOf(`${name} changed`)).toHaveLength(1);
    const copyId = copiesOf(`${name} changed`)[0] ?? 0;
    // What was not deleted before is deleted now: the page did not count as "gone".
    await bench.deliver(feed, { ...note, operation: 'delete' });
    const texts = bench.target.notes({ incidentId: copyId }).map(({ text, is_deleted: gone }) => (gone ? '' : text));
    expect(texts).not.toContain('a <b>note</b>');
  });
});
