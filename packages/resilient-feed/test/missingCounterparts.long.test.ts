import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryResult, FeedEvent } from '@soar-feed/core';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

/**
 * More may be gone than the current event brings back: then its incident is loaded whole, whatever breaks in between.
 */
describe('what somebody deleted in the target', () => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  const waitsFor = (id: number) => ({
    status: 'waiting',
    on: { orgId: 201, incidentId: id, type: 'incident', objectId: id },
  });
  const texts = (notes: readonly { text: string | null }[]) => notes.map(({ text }) => text);

  /** A task with two notes and a file, in the target, too; there the task is deleted. */
  async function taskDeleted(feed: ResilientFeed) {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Task deleted there', discovered_date: 1 });
    const task = source.createTask(id, { name: 'By hand' });
    const [note] = ['edited later', 'unchanged'].map((text) => source.addNote({ taskId: task.id }, text));
    source.addAttachment({ taskId: task.id }, { name: 'f.txt', content: Buffer.from('f') });
    await bench.deliverAll(feed, await events.whole(id));
    const [copyId = 0] = target.incidentIds();
    for (const copy of target.tasks(copyId)) target.deleteTask(copy.id);
    return { id, taskId: task.id, noteId: note?.id ?? 0, copyId };
  }

  async function editTask(taskId: number): Promise<FeedEvent> {
    bench.source.updateTask(taskId, { instructions: 'changed' });
    return bench.events.task(taskId);
  }

  async function editNote(incidentId: number, noteId: number, taskId?: number): Promise<FeedEvent> {
    bench.source.editNote(noteId, 'edited');
    return bench.events.note(incidentId, noteId, {}, taskId);
  }

  /** What core does for an incident that is to be loaded; afterwards nothing is due any more. */
  async function loaded(feed: ResilientFeed, id: number): Promise<DeliveryResult> {
    const { events } = bench;
    const asked = await bench.deliver(feed, await events.incident(id));
    const whole = await bench.deliverAll(feed, await events.whole(id));
    expect(whole.filter(({ status }) => status !== 'delivered')).toEqual([]);
    expect(await bench.deliver(feed, await events.incident(id))).not.toHaveProperty('resync');
    return asked;
  }

  function expectTaskWhole(copyId: number): void {
    const { target } = bench;
    const [copy, ...others] = target.tasks(copyId);
    expect(others).toEqual([]);
    expect(target.notes({ taskId: copy?.id ?? 0 })).toHaveLength(2);
    expect(target.attachments({ taskId: copy?.id ?? 0 })).toHaveLength(1);
  }

  it.each(['task', 'note'] as const)('a task with all below it: its %s tells', async (teller) => {
    const feed = await bench.feed();
    const { id, taskId, noteId, copyId } = await taskDeleted(feed);
    const event = teller === 'task' ? await editTask(taskId) : await editNote(id, noteId, taskId);
    expect(await bench.deliver(feed, event)).toEqual(waitsFor(id));
    expect(await loaded(feed, id)).toMatchObject({ change: 'unchanged', resync: true });
    expectTaskWhole(copyId);
    expect(await bench.deliver(feed, event)).toMatchObject({ change: 'unchanged' });
  });

  it('a task that the target refuses to make for a moment', async () => {
    const feed = await bench.feed();
    const { id, taskId, copyId } = await taskDeleted(feed);
    await bench.deliver(feed, await editTask(taskId));
    const [incident, task, ...below] = await bench.events.whole(id);
    if (incident === undefined || task === undefined) throw new Error('both are to be read');
    await bench.deliver(feed, incident);
    bench.simulator.faults.add({
      method: 'POST',
      path: '/incidents/:id/tasks',
      status: 429,
      retryAfterSeconds: 60,
      times: 1,
    });
    await expect(bench.deliver(feed, task)).rejects.toMatchObject({ kind: 'retryable' });
    await bench.deliver(feed, task, 2);
    await bench.deliverAll(feed, below);
    expectTaskWhole(copyId);
  });

  it('a task, though the process ends before core kept what it was told: each time it is told again', async () => {
    const first = await bench.feed();
    const { id, taskId, copyId } = await taskDeleted(first);
    const event = await editTask(taskId);
    expect(await bench.deliver(first, event)).toEqual(waitsFor(id));
    await first.close();
    const second = await bench.feed();
    expect(await bench.deliver(second, event)).toEqual(waitsFor(id));
    expect(await bench.deliver(second, await bench.events.incident(id))).toMatchObject({ resync: true });
    await second.close();
    const third = await bench.feed();
    expect(await loaded(third, id)).toMatchObject({ resync: true });
    expectTaskWhole(copyId);
  });

  it('a task that a person decided on once, not for each object below it', async () => {
    const feed = await bench.feed({ onTargetMissing: 'park' });
    const { id, taskId, noteId, copyId } = await taskDeleted(feed);
    const event = await editTask(taskId);
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ code: 'target-missing' });
    expect(await bench.deliver(feed, { ...event, decided: true })).toEqual(waitsFor(id));
    expect(await bench.deliver(feed, await editNote(id, noteId, taskId))).toEqual(waitsFor(id));
    await loaded(feed, id);
    expectTaskWhole(copyId);
  });

  describe.each(['of the incident', 'of a task'])('a thread of notes %s', (where) => {
    async function threadDeleted(feed: ResilientFeed) {
      const { source, target, events } = bench;
      bench.simulator.behaviour.deletedThread = 'removed';
      const { id } = source.createIncident({ name: 'Thread deleted there', discovered_date: 1 });
      const taskId = where === 'of a task' ? source.createTask(id, { name: 'By hand' }).id : undefined;
      const note = source.addNote(taskId === undefined ? { incidentId: id } : { taskId }, 'top');
      const reply = source.reply(note.id, 'reply');
      source.reply(reply.id, 'below the reply');
      source.reply(note.id, 'other reply');
      await bench.deliverAll(feed, await events.whole(id));
      const [copyId = 0] = target.incidentIds();
      const notes = () => {
        const [copyTask] = target.tasks(copyId);
        return target.notes(copyTask === undefined ? { incidentId: copyId } : { taskId: copyTask.id });
      };
      const top = notes().find(({ children }) => children.length > 0);
      target.deleteNote(top?.id ?? 0);
      return { id, taskId, noteId: note.id, replyId: reply.id, notes };
    }

    it.each(['noteId', 'replyId'] as const)('comes back whole: its %s tells', async (teller) => {
      const feed = await bench.feed();
      const made = await threadDeleted(feed);
      const event = await editNote(made.id, made[teller], made.taskId);
      expect(await bench.deliver(feed, event)).toEqual(waitsFor(made.id));
      expect(await loaded(feed, made.id)).toMatchObject({ resync: true });
      const threads = made.notes().filter(({ children }) => children.length > 0);
      expect(threads).toHaveLength(1);
      expect(texts(threads[0]?.children ?? [])).toEqual([teller === 'replyId' ? 'edited' : 'reply', 'other reply']);
      expect(texts(threads[0]?.children[0]?.children ?? [])).toEqual(['below the reply']);
    });

    it('comes back whole: a new reply tells', async () => {
      const feed = await bench.feed();
      const made = await threadDeleted(feed);
      const reply = bench.source.reply(made.noteId, 'new reply');
      const event = await bench.events.note(made.id, reply.id, {}, made.taskId);
      expect(await bench.deliver(feed, event)).toEqual(waitsFor(made.id));
      await loaded(feed, made.id);
      const [thread] = made.notes().filter(({ children }) => children.length > 0);
      expect(texts(thread?.children ?? [])).toEqual(['reply', 'other reply', 'new reply']);
    });
  });

  it('a note alone, at once', async () => {
    const { source, target, events } = bench;
    const feed = await bench.feed();
    const { id } = source.createIncident({ name: 'Note deleted there', discovered_date: 1 });
    const [note] = ['a note', 'beside it'].map((text) => source.addNote({ incidentId: id }, text));
    await bench.deliverAll(feed, await events.whole(id));
    const [copyId = 0] = target.incidentIds();
    const copy = target.notes({ incidentId: copyId }).find(({ text }) => text === 'a note');
    target.deleteNote(copy?.id ?? 0);
    expect(await bench.deliver(feed, await editNote(id, note?.id ?? 0))).toMatchObject({ change: 'created' });
    expect(texts(target.notes({ incidentId: copyId })).slice(1)).toEqual(['beside it', 'edited']);
    expect(await bench.deliver(feed, await events.incident(id))).not.toHaveProperty('resync');
  });

  describe('an incident', () => {
    async function incidentDeleted(feed: ResilientFeed) {
      const { source, target, events } = bench;
      const { id } = source.createIncident({ name: 'Deleted there', discovered_date: 1 });
      const [note] = ['edited later', 'unchanged'].map((text) => source.addNote({ incidentId: id }, text));
      await bench.deliverAll(feed, await events.whole(id));
      target.deleteIncident(target.incidentIds()[0] ?? 0);
      return { id, noteId: note?.id ?? 0 };
    }

    function expectIncidentWhole(): void {
      const { target } = bench;
      expect(target.incidentIds()).toHaveLength(1);
      expect(target.notes({ incidentId: target.incidentIds()[0] ?? 0 })).toHaveLength(3);
    }

    it('that the target refuses to make for a moment', async () => {
      const feed = await bench.feed();
      const { id } = await incidentDeleted(feed);
      bench.source.updateIncident(id, { name: 'Changed' });
      // New as it is, an incident of its own would not be loaded whole.
      const changed = await bench.events.incident(id);
      const event = { ...changed, payload: { ...changed.payload, vers: 1 } };
      bench.simulator.faults.add({ method: 'POST', path: '/incidents', status: 429, retryAfterSeconds: 60, times: 1 });
      await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
      expect(await bench.deliver(feed, event, 2)).toMatchObject({ change: 'created', resync: true });
      await loaded(feed, id);
      expectIncidentWhole();
    });

    it('though the process ends before core kept what it was told', async () => {
      const first = await bench.feed();
      const { id, noteId } = await incidentDeleted(first);
      const event = await editNote(id, noteId);
      expect(await bench.deliver(first, event)).toEqual(waitsFor(id));
      await first.close();
      const second = await bench.feed();
      expect(await bench.deliver(second, event)).toEqual(waitsFor(id));
      bench.simulator.faults.add({ method: 'POST', path: '/incidents', status: 429, retryAfterSeconds: 60, times: 1 });
      const incident = await bench.events.incident(id);
      await expect(bench.deliver(second, incident)).rejects.toMatchObject({ kind: 'retryable' });
      expect(await bench.deliver(second, incident, 2)).toMatchObject({ change: 'created', resync: true });
      await loaded(second, id);
      expectIncidentWhole();
    });
  });
});
