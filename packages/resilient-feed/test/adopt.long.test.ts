import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { rm } from 'node:fs/promises';
import type { FeedEvent } from '@soar-feed/core';
import { taskIdOf } from '@soar-feed/core';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('a person says which object of the target it is', () => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  /** As the host asks, from what a parked row keeps of its event. */
  const adopt = (feed: ResilientFeed, event: FeedEvent, targetId: number) => {
    const taskId = taskIdOf(event);
    const { key, parent } = event;
    const object = { key, ...(parent === undefined ? {} : { parent }), ...(taskId === undefined ? {} : { taskId }) };
    return feed.adopt(object, targetId, { signal: new AbortController().signal });
  };
  const refused = (words: string) => ({
    ...{ kind: 'permanent', code: 'adopt-refused', message: expect.stringContaining(words) },
  });

  async function forgetMapping(): Promise<void> {
    const { mapping } = bench;
    if (mapping.client !== 'sqlite') throw new Error('the bench keeps a file');
    for (const end of ['', '-wal', '-shm']) await rm(`${mapping.file}${end}`, { force: true });
  }

  it('an incident: it is updated there, and all it holds is found in it', async () => {
    const { source, target, events } = bench;
    const first = await bench.feed({ syncReferenceFields: false });
    const { id } = source.createIncident({ name: 'Twins', discovered_date: 1 });
    const other = source.createIncident({ name: 'Twins', discovered_date: 1 });
    const task = source.createTask(id, { name: 'By hand' });
    source.addNote({ incidentId: id }, 'of the incident');
    source.addNote({ taskId: task.id }, 'of the task');
    await bench.deliverAll(first, await events.whole(id));
    await bench.deliverAll(first, await events.whole(other.id));
    const copies = target.incidentIds();
    await first.close();
    await forgetMapping();
    // The notes about their origin would distinguish them.
    for (const incidentId of copies) {
      for (const note of target.notes({ incidentId })) {
        if (note.text !== 'of the incident') target.deleteNote(note.id);
      }
    }

    const feed = await bench.feed({ syncReferenceFields: false });
    const event = await events.incident(id);
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ code: 'undecided' });
    await expect(adopt(feed, event, 999_999)).rejects.toMatchObject(refused('has no incident of that id'));
    await adopt(feed, event, copies[0] ?? 0);
    await adopt(feed, event, copies[0] ?? 0); // a repetition does no harm
    await expect(adopt(feed, await events.incident(other.id), copies[0] ?? 0)).rejects.toMatchObject(
      refused('counterpart of another object'),
    );
    await expect(adopt(feed, event, copies[1] ?? 0)).rejects.toMatchObject(refused('which is there'));
    source.updateIncident(id, { name: 'Renamed' });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'updated', resync: true });
    await bench.deliverAll(feed, await events.whole(id));
    expect(target.incidentIds()).toEqual(copies);
    expect(target.incident(copies[0] ?? 0)).toMatchObject({ name: 'Renamed' });
    const [copyTask, ...moreTasks] = target.tasks(copies[0] ?? 0);
    expect(moreTasks).toEqual([]);
    expect(target.notes({ taskId: copyTask?.id ?? 0 }).map(({ text }) => text)).toEqual(['of the task']);
    expect(target.notes({ incidentId: copies[0] ?? 0 }).map(({ text }) => text)).toEqual(['of the incident']);
  });

  /** An incident with a task that the mapping knows, and objects that it does not, though the target has them. */
  async function withStrangers(feed: ResilientFeed) {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Known', discovered_date: 1 });
    const task = source.createTask(id, { name: 'Known task' });
    const note = source.addNote({ incidentId: id }, 'known');
    await bench.deliverAll(feed, await events.whole(id));
    const [copyId = 0] = target.incidentIds();
    const [copyTask] = target.tasks(copyId);
    const copyNote = target.notes({ incidentId: copyId }).find(({ text }) => text === 'known');
    return { id, taskId: task.id, noteId: note.id, copyId, copyTask: copyTask?.id ?? 0, copyNote: copyNote?.id ?? 0 };
  }

  it.each(['note of the incident', 'note of a task', 'reply', 'task', 'row'] as const)('a %s', async (what) => {
    const { source, target, events } = bench;
    const feed = await bench.feed();
    const { id, taskId, noteId, copyId, copyTask, copyNote } = await withStrangers(feed);
    const make = {
      async 'note of the incident'() {
        const made = source.addNote({ incidentId: id }, 'ours');
        return [await events.note(id, made.id), target.addNote({ incidentId: copyId }, 'theirs').id] as const;
      },
      async 'note of a task'() {
        const made = source.addNote({ taskId }, 'ours');
        return [await events.note(id, made.id, {}, taskId), target.addNote({ taskId: copyTask }, 'theirs').id] as const;
      },
      async reply() {
        return [await events.note(id, source.reply(noteId, 'ours').id), target.reply(copyNote, 'theirs').id] as const;
      },
      async task() {
        const made = source.createTask(id, { name: 'ours' });
        return [await events.task(made.id), target.createTask(copyId, { name: 'theirs' }).id] as const;
      },
      async row() {
        const made = source.addRow(id, 'hosts', { host: 'ours' });
        return [await events.row(id, 'hosts', made.id), target.addRow(copyId, 'hosts', { host: 'theirs' }).id] as const;
      },
    };
    const [event, theirs] = await make[what]();
    await adopt(feed, event, theirs);
    const before = count(copyId);
    expect(await bench.deliver(feed, event)).toMatchObject({ change: 'updated', ref: String(theirs) });
    expect(count(copyId)).toEqual(before);

    function count(incidentId: number) {
      const tasks = target.tasks(incidentId);
      const notes = [{ incidentId }, ...tasks.map((one) => ({ taskId: one.id }))].map((of) => target.notes(of).length);
      return { tasks: tasks.length, notes, rows: target.rows(incidentId, 'hosts').length };
    }
  });

  it('not one of another type, incident, task or thread, nor before what it hangs below', async () => {
    const { source, target, events } = bench;
    const feed = await bench.feed();
    const { id, taskId, noteId, copyId, copyTask, copyNote } = await withStrangers(feed);
    const note = await events.note(id, source.addNote({ incidentId: id }, 'ours').id);
    const ofTask = await events.note(id, source.addNote({ taskId }, 'of the task').id, {}, taskId);
    const reply = await events.note(id, source.reply(noteId, 'reply').id);
    const elsewhere = target.createIncident({ name: 'Another', discovered_date: 1 });
    const none = refused('has no note of that id in its place');
    await expect(adopt(feed, note, copyTask)).rejects.toMatchObject(none);
    await expect(adopt(feed, note, target.addNote({ incidentId: elsewhere.id }, 'x').id)).rejects.toMatchObject(none);
    await expect(adopt(feed, note, target.addNote({ taskId: copyTask }, 'x').id)).rejects.toMatchObject(none);
    await expect(adopt(feed, note, target.reply(copyNote, 'x').id)).rejects.toMatchObject(none);
    await expect(adopt(feed, ofTask, target.addNote({ incidentId: copyId }, 'x').id)).rejects.toMatchObject(none);
    await expect(adopt(feed, reply, target.addNote({ incidentId: copyId }, 'x').id)).rejects.toMatchObject(none);
    await expect(adopt(feed, note, copyNote)).rejects.toMatchObject(refused('counterpart of another object'));
    const fresh = source.createIncident({ name: 'Not there yet', discovered_date: 1 });
    const orphan = await events.note(fresh.id, source.addNote({ incidentId: fresh.id }, 'x').id);
    await expect(adopt(feed, orphan, copyNote)).rejects.toMatchObject(refused(`before its incident ${fresh.id}`));
    const newTask = source.createTask(id, { name: 'Not there yet' });
    const below = await events.note(id, source.addNote({ taskId: newTask.id }, 'x').id, {}, newTask.id);
    await expect(adopt(feed, below, copyNote)).rejects.toMatchObject(refused(`before its task ${newTask.id}`));
  });

  it('one that stands for what somebody deleted there', async () => {
    const { target, events, source } = bench;
    const feed = await bench.feed({ onTargetMissing: 'park' });
    const { id, noteId, copyId, copyNote } = await withStrangers(feed);
    target.deleteNote(copyNote);
    const mine = target.addNote({ incidentId: copyId }, 'instead').id;
    source.editNote(noteId, 'edited');
    const event = await events.note(id, noteId);
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ code: 'target-missing' });
    await adopt(feed, event, mine);
    expect(await bench.deliver(feed, event)).toMatchObject({ change: 'updated', ref: String(mine) });
  });
});
