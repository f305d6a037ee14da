import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreError } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { FeedBench } from './helpers/feedBench.js';
import { ibmDatabase } from './helpers/ibmDatabase.js';
import type { IbmVersion } from './helpers/ibmDatabase.js';
import { until } from './replica/replicaBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe.each<IbmVersion>(['v1', 'v2'])("a mapping of IBM's feed (%s) is continued", (version) => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  /** A source incident with its objects, and what IBM's feed made of it in the target. */
  async function replicatedByIbm() {
    const { source, target } = bench;
    const make = (org: typeof source) => {
      const incident = org.createIncident({ name: 'Taken over', discovered_date: 1 });
      const task = org.createTask(incident.id, { name: 'Task' });
      const note = org.addNote({ incidentId: incident.id }, 'a note');
      const taskNote = org.addNote({ taskId: task.id }, 'of the task');
      const [artifact] = org.addArtifact(incident.id, { type: 'String', value: 'x' });
      const attachment = org.addAttachment({ incidentId: incident.id }, { name: 'a.txt', content: Buffer.from('a') });
      const milestone = org.addMilestone(incident.id, { title: 'Milestone', date: 1 });
      const row = org.addRow(incident.id, 'hosts', { host: 'h' });
      return { incident, task, note, taskNote, artifact: artifact ?? { id: 0 }, attachment, milestone, row };
    };
    // Other incidents first, so that equal objects have other ids.
    target.createIncident({ name: 'Own incident of the target', discovered_date: 1 });
    const [one, two] = [make(source), make(target)];
    const ibm = await ibmDatabase(bench.mapping, version);
    const sync = (type: string, id: number, targetId: number) =>
      ibm.sync(type, one.incident.id, id, two.incident.id, targetId);
    await sync('incident', one.incident.id, two.incident.id);
    await sync('task', one.task.id, two.task.id);
    await sync('note', one.note.id, two.note.id);
    // v1 stored a task's note under the name of an incident's.
    await sync(version === 'v1' ? 'note' : 'tasknote', one.taskNote.id, two.taskNote.id);
    await sync('artifact', one.artifact.id, two.artifact.id);
    await sync('attachment', one.attachment.id, two.attachment.id);
    await sync('milestone', one.milestone.id, two.milestone.id);
    await sync('hosts', one.row.id, two.row.id);
    return { ibm, id: one.incident.id, copyId: two.incident.id, source: one, target: two };
  }

  function counts(incidentId: number) {
    const { target } = bench;
    return {
      incidents: target.incidentIds().length,
      tasks: target.tasks(incidentId).length,
      notes: target.notes({ incidentId }).length,
      taskNotes: target.tasks(incidentId).flatMap(({ id }) => target.notes({ taskId: id })).length,
      artifacts: target.artifacts(incidentId).length,
      attachments: target.attachments({ incidentId }).length,
      milestones: target.milestones(incidentId).length,
      rows: target.rows(incidentId).length,
    };
  }

  it('without a duplicate, and each row is looked at once', async () => {
    const { ibm, id, copyId } = await replicatedByIbm();
    await ibm.close();
    const before = counts(copyId);
    const feed = await bench.feed({ syncReferenceFields: false });
    const events = await bench.events.whole(id);
    const first = await bench.deliverAll(feed, events);
    expect(first.every((result) => result.status === 'delivered' && result.change !== 'created')).toBe(true);
    expect(counts(copyId)).toEqual(before);
    expect(await bench.requests(() => bench.deliverAll(feed, events))).toEqual([]);
  });

  it('with what was edited while no feed ran', async () => {
    const { ibm, id, copyId, source } = await replicatedByIbm();
    await ibm.close();
    const before = counts(copyId);
    bench.source.editNote(source.note.id, 'edited');
    bench.source.updateTask(source.task.id, { name: 'Renamed' });
    bench.source.updateRow(source.row.id, { host: 'edited' });
    const feed = await bench.feed();
    await bench.deliverAll(feed, await bench.events.whole(id));
    expect(counts(copyId)).toEqual(before);
    expect(bench.target.notes({ incidentId: copyId })).toMatchObject([{ text: 'edited' }]);
    expect(bench.target.tasks(copyId)).toMatchObject([{ name: 'Renamed' }]);
  });

  it('but a row that leads to another object is not trusted', async () => {
    const { ibm, id, copyId, source, target } = await replicatedByIbm();
    // IBM's replayed retries stored the wrong object; here one object is gone, and one is somebody else's.
    const strange = bench.target.addNote({ incidentId: copyId }, 'of the target itself');
    await ibm.run(`DELETE FROM data_feeder_sync WHERE type_name = 'note' AND org1_type_id = ${source.note.id}`);
    await ibm.sync('note', id, source.note.id, copyId, strange.id);
    bench.target.deleteArtifact(target.artifact.id);
    const [own] = bench.target.addArtifact(copyId, { type: 'String', value: 'of the target itself' });
    await ibm.run(`UPDATE data_feeder_sync SET org2_type_id = ${own?.id ?? 0} WHERE type_name = 'artifact'`);
    await ibm.close();
    const feed = await bench.feed();
    await bench.deliverAll(feed, await bench.events.whole(id));
    const texts = bench.target.notes({ incidentId: copyId }).map(({ text }) => text);
    expect(texts.sort()).toEqual(['a note', 'of the target itself']);
    expect(bench.target.artifacts(copyId)).toMatchObject([{ value: 'of the target itself' }, { value: 'x' }]);
    // The note that is really its counterpart follows it from now on.
    bench.source.editNote(source.note.id, 'edited');
    await bench.deliver(feed, await bench.events.note(id, source.note.id));
    expect(bench.target.note(target.note.id).text).toBe('edited');
    expect(bench.target.note(strange.id).text).toBe('of the target itself');
  });

  it('and an incident that is gone in the target is made again, whole', async () => {
    const { ibm, id, copyId } = await replicatedByIbm();
    await ibm.close();
    bench.target.deleteIncident(copyId);
    const feed = await bench.feed();
    const events = await bench.events.whole(id);
    const live = { ...(events[0] as FeedEvent), origin: 'queue' as const };
    delete (live as { followedByObjects?: true }).followedByObjects;
    expect(await bench.deliver(feed, live)).toMatchObject({ change: 'created', resync: true });
    await bench.deliverAll(feed, events);
    const newId = bench.target.incidentIds().at(-1) ?? 0;
    expect(counts(newId)).toMatchObject({
      tasks: 1,
      notes: 2,
      taskNotes: 1,
      artifacts: 1,
      attachments: 1,
      milestones: 1,
      rows: 1,
    });
  });

  it('and what it had still to retry goes once the wish to load it whole is durable, not before', async () => {
    const { ibm, id } = await replicatedByIbm();
    await ibm.retry(id, 'incident', id, 'note', 1);
    const { signal } = new AbortController();
    const feed = bench.makeFeed();
    const full = async () => {
      throw new StoreError('No space is left.', { code: 'store-full' });
    };
    await expect(feed.open({ signal, resync: full })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await ibm.retries()).toHaveLength(1);

    let kept = (): void => undefined;
    const asked: ObjectKey[] = [];
    const opening = feed.open({
      signal,
      resync: (incident) => {
        asked.push(incident);
        return new Promise((resolve) => (kept = resolve));
      },
    });
    await until('the wish is asked for', () => asked.length > 0);
    expect(await ibm.retries()).toHaveLength(1);
    kept();
    await opening;
    expect(asked).toEqual([{ orgId: 201, incidentId: id, type: 'incident', objectId: id }]);
    expect(await ibm.retries()).toEqual([]);
    await ibm.close();
  });

  it('and what waits for a row that nobody checked says so; a delete reaches its object', async () => {
    const { ibm, id, copyId, source } = await replicatedByIbm();
    await ibm.close();
    const feed = await bench.feed();
    const note = await bench.events.note(id, source.note.id);
    const incidentKey = { orgId: 201, incidentId: id, type: 'incident', objectId: id };
    expect(await bench.deliver(feed, note)).toEqual({ status: 'waiting', on: incidentKey });
    expect(await bench.deliver(feed, bench.events.deleteOf(note))).toEqual({ status: 'delivered', change: 'deleted' });
    expect(bench.target.notes({ incidentId: copyId })).toEqual([]);
  });

  it('and a note of a task that was deleted above its reply is blanked where it stands', async () => {
    const { ibm, id, copyId, source, target } = await replicatedByIbm();
    const reply = bench.source.reply(source.taskNote.id, 'a reply');
    const replyCopy = bench.target.reply(target.taskNote.id, 'a reply');
    await ibm.sync(version === 'v1' ? 'note' : 'tasknote', id, reply.id, copyId, replyCopy.id);
    await ibm.close();
    bench.source.deleteNote(source.taskNote.id);
    const feed = await bench.feed();
    const events = await bench.events.whole(id);
    const results = await bench.deliverAll(feed, events);
    expect(results.filter(({ status }) => status !== 'delivered')).toEqual([]);
    const [blank, ...others] = bench.target.notes({ taskId: target.task.id });
    expect(others).toEqual([]);
    expect(blank).toMatchObject({ id: target.taskNote.id, is_deleted: true, text: '' });
    expect(blank?.children).toMatchObject([{ id: replyCopy.id, text: 'a reply' }]);
    expect(await bench.requests(() => bench.deliverAll(feed, events))).toEqual([]);
  });

  it('and one that is gone in the target is made for its reply, and blanked then', async () => {
    const { ibm, id, source, target } = await replicatedByIbm();
    await ibm.close();
    bench.source.reply(source.taskNote.id, 'a reply');
    bench.source.deleteNote(source.taskNote.id);
    bench.target.deleteNote(target.taskNote.id);
    const feed = await bench.feed();
    await bench.deliverAll(feed, await bench.events.whole(id));
    const [blank, ...others] = bench.target.notes({ taskId: target.task.id });
    expect(others).toEqual([]);
    expect(blank).toMatchObject({ is_deleted: true, text: '' });
    expect(blank?.children).toMatchObject([{ text: 'a reply' }]);
  });

  it.each(['stands', 'is gone with its task'])(
    'and a note of a task that was deleted while its incident did not match goes later, where it %s',
    async (there) => {
      const { ibm, id, source, target } = await replicatedByIbm();
      await ibm.close();
      bench.source.updateIncident(id, { severity_code: 'Low' });
      const feed = await bench.feed({ filter: 'severity_code != Low' });
      const incident = await bench.events.incident(id);
      const matching = { ...incident, payload: { ...incident.payload, severity_code: null } };
      await bench.deliver(feed, matching);
      expect(await bench.deliver(feed, incident)).toMatchObject({ reason: 'frozen' });
      const note = await bench.events.note(id, source.taskNote.id, {}, source.task.id);
      bench.source.deleteNote(source.taskNote.id);
      if (there !== 'stands') bench.target.deleteTask(target.task.id);
      expect(await bench.deliver(feed, bench.events.deleteOf(note))).toMatchObject({ reason: 'frozen' });
      await bench.deliver(feed, matching);
      expect(bench.target.tasks(target.incident.id).flatMap((task) => bench.target.notes({ taskId: task.id }))).toEqual(
        [],
      );
    },
  );
});
