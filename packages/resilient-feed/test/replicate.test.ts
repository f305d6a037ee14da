import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import type { IncidentInput } from '@soar-feed/soar-simulator';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const ada = 'ada@example.com';

describe('objects of every type', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  beforeAll(async () => {
    bench = await FeedBench.start();
    feed = await bench.feed();
  });
  afterAll(() => bench.stop());

  /** A new incident of the source, with its counterpart. */
  async function incident(input: Partial<IncidentInput> = {}): Promise<{ id: number; copyId: number }> {
    const { id } = bench.source.createIncident({ name: 'An incident', discovered_date: 1_700_000_000_000, ...input });
    const result = await bench.deliver(feed, await bench.events.incident(id));
    return { id, copyId: Number(result.status === 'delivered' && result.ref) };
  }

  /** Delivers, and returns the requests that it took. */
  async function costOf(event: Promise<FeedEvent>): Promise<readonly string[]> {
    const made = await event;
    return bench.requests(() => bench.deliver(feed, made));
  }

  it('arrive, and cost nothing when they come again', async () => {
    const { source, target, events } = bench;
    const incident = source.createIncident({
      name: 'Phishing täglich 😀',
      discovered_date: 1_700_000_000_000,
      description: '<b>bold</b> &amp; plain',
      severity_code: 'High',
      incident_type_ids: ['Malware'],
      owner_id: ada,
      properties: { ticket: 'T-1', risk: 'High', source_only: 'lost' },
    });
    const id = incident.id;
    const task = source.createTask(id, {
      name: 'Own task',
      phase_id: 'Respond',
      instructions: 'do <i>it</i>',
      owner_id: ada,
    });
    const note = source.addNote({ incidentId: id }, 'first');
    source.reply(note.id, 'answer');
    source.addNote({ taskId: task.id }, 'on the task');
    source.addArtifact(id, { type: 'IP Address', value: '10.0.0.1', description: 'seen', ip: { source: true } });
    source.addFileArtifact(
      id,
      { type: 'Log File', description: 'a log' },
      { name: 'a.log', content: Buffer.from('log') },
    );
    source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('attached') });
    source.addAttachment({ taskId: task.id }, { name: 'b.txt', content: Buffer.from('to the task') });
    source.addMilestone(id, { title: 'Found', date: 1_700_000_000_000, description: 'then' });
    source.addRow(id, 'hosts', { host: 'h1', state: 'Infected', alerts: 3 });
    const results = await bench.deliverAll(feed, await events.whole(id));
    expect(results.filter((result) => result.status !== 'delivered')).toEqual([]);

    const copy = target.incidents().at(-1);
    expect(copy).toMatchObject({ name: 'Phishing täglich 😀', plan_status: 'A' });
    expect(copy?.properties).toMatchObject({ ticket: 'T-1', df_inc_id: id, df_org_id: 201 });
    const copyId = copy?.id ?? 0;
    expect(target.labels.label('incident', 'severity_code', copy?.severity_code ?? 0)).toBe('High');
    expect(
      target
        .tasks(copyId)
        .map((one) => one.name)
        .sort(),
    ).toEqual(
      source
        .tasks(id)
        .map((one) => one.name)
        .sort(),
    );
    const notes = target.notes({ incidentId: copyId });
    expect(notes.map((one) => one.text)).toEqual([expect.stringContaining('Incident created from'), 'first']);
    expect(notes[1]?.children.map((one) => one.text)).toEqual(['answer']);
    const copyTask = target.tasks(copyId).find((one) => one.name === 'Own task');
    expect(target.notes({ taskId: copyTask?.id ?? 0 }).map((one) => one.text)).toEqual(['on the task']);
    expect(target.attachments({ taskId: copyTask?.id ?? 0 }).map((one) => one.name)).toEqual(['b.txt']);
    const artifacts = target.artifacts(copyId);
    expect(artifacts).toHaveLength(2);
    expect(artifacts[0]).toMatchObject({ value: '10.0.0.1', description: 'seen', ip: { source: true } });
    expect(artifacts[1]).toMatchObject({ description: 'a log', attachment: { name: 'a.log', size: 3 } });
    const [attachment] = target.attachments({ incidentId: copyId });
    expect(target.content(attachment?.id ?? 0).toString()).toBe('attached');
    expect(target.milestones(copyId)).toMatchObject([{ title: 'Found', date: 1_700_000_000_000 }]);
    expect(target.rows(copyId)).toHaveLength(1);

    const again = await events.whole(id);
    const requests = await bench.requests(async () => {
      const repeated = await bench.deliverAll(feed, again);
      expect(repeated.every((result) => result.status === 'delivered' && result.change === 'unchanged')).toBe(true);
    });
    expect(requests).toEqual([]);
  });

  it('change by one request each', async () => {
    const { source, target, events } = bench;
    const { id, copyId } = await incident({ owner_id: ada });
    const task = source.createTask(id, { name: 'Task' });
    const note = source.addNote({ incidentId: id }, 'before');
    const taskNote = source.addNote({ taskId: task.id }, 'before');
    const [artifact] = source.addArtifact(id, { type: 'String', value: 'x' });
    const attachment = source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('a') });
    const milestone = source.addMilestone(id, { title: 'Before', date: 1 });
    const row = source.addRow(id, 'hosts', { host: 'before', state: 'Clean' });
    await bench.deliverAll(feed, await events.whole(id));

    source.updateIncident(id, { name: 'After', owner_id: null, properties: { ticket: 'T-2', risk: 'Low' } });
    expect(await costOf(events.incident(id))).toEqual(['PATCH /incidents/N']);
    source.updateTask(task.id, { status: 'C', instructions: '<b>now</b>' });
    expect(await costOf(events.task(task.id))).toEqual(['PATCH /tasks/N']);
    source.editNote(note.id, 'after');
    expect(await costOf(events.note(id, note.id))).toEqual(['PUT /incidents/N/comments/N']);
    source.editNote(taskNote.id, 'after');
    expect(await costOf(events.note(id, taskNote.id, {}, task.id))).toEqual(['PUT /tasks/N/comments/N']);
    source.updateArtifact(artifact?.id ?? 0, { description: 'after' });
    expect(await costOf(events.artifact(id, artifact?.id ?? 0))).toEqual(['PUT /incidents/N/artifacts/N']);
    expect(await costOf(events.attachment(id, attachment.id))).toEqual([]);
    source.updateMilestone(milestone.id, { title: 'After' });
    expect(await costOf(events.milestone(id, milestone.id))).toEqual(['PUT /incidents/N/milestones/N']);
    source.updateRow(row.id, { host: 'after', state: null });
    expect(await costOf(events.row(id, 'hosts', row.id))).toEqual(['PUT /incidents/N/table_data/hosts/row_data/N']);

    const copy = target.incident(copyId);
    expect(copy).toMatchObject({ name: 'After', owner_id: null, properties: { ticket: 'T-2' } });
    expect(target.labels.label('incident', 'risk', Number(copy.properties['risk']))).toBe('Low');
    expect(target.tasks(copyId)).toMatchObject([{ status: 'C', instructions: '<b>now</b>' }]);
    expect(target.notes({ incidentId: copyId }).map(({ text }) => text)).toContain('after');
    expect(target.artifacts(copyId)).toMatchObject([{ description: 'after' }]);
    expect(target.milestones(copyId)).toMatchObject([{ title: 'After' }]);
    expect(Object.values(target.rows(copyId)[0]?.cells ?? {}).map(({ value }) => value)).toEqual(
      expect.arrayContaining(['after', undefined]),
    );
  });

  it('go by one request each, and a delete that came before is no error', async () => {
    const { source, target, events } = bench;
    const { id, copyId } = await incident();
    const task = source.createTask(id, { name: 'Task' });
    source.addNote({ incidentId: id }, 'note');
    source.addNote({ taskId: task.id }, 'note of the task');
    source.addArtifact(id, { type: 'String', value: 'x' });
    source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('a') });
    source.addAttachment({ taskId: task.id }, { name: 'b.txt', content: Buffer.from('b') });
    source.addMilestone(id, { title: 'Milestone', date: 1 });
    source.addRow(id, 'hosts', { host: 'row' });
    const [first, ...children] = await events.whole(id);
    await bench.deliverAll(feed, children);

    for (const child of [...children].reverse()) {
      const requests = await costOf(Promise.resolve(events.deleteOf(child)));
      expect(requests).toEqual([expect.stringMatching(/^DELETE /)]);
      expect(await costOf(Promise.resolve(events.deleteOf(child)))).toEqual([]);
    }
    expect(target.tasks(copyId)).toEqual([]);
    expect(target.notes({ incidentId: copyId })).toHaveLength(1);
    expect(target.artifacts(copyId)).toEqual([]);
    expect(target.attachments({ incidentId: copyId })).toEqual([]);
    expect(target.milestones(copyId)).toEqual([]);
    expect(target.rows(copyId)).toEqual([]);

    target.deleteIncident(copyId);
    const gone = await bench.deliver(feed, events.deleteOf(first as FeedEvent));
    expect(gone).toEqual({ status: 'delivered', change: 'deleted' });
    // Any event that still names it is older than its delete.
    expect(await bench.deliver(feed, children[0] as FeedEvent)).toMatchObject({ status: 'skipped' });
  });

  it('of a closed incident come before its close, and the resolution with it', async () => {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Closed', discovered_date: 1 });
    source.addNote({ incidentId: id }, 'before the close');
    source.closeIncident(id, { resolution: 'Resolved', summary: 'all <b>done</b>' });
    const whole = await events.whole(id);

    const requests = await bench.requests(() => bench.deliverAll(feed, whole));
    expect(requests.at(-1)).toBe('PATCH /incidents/N');
    expect(requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(1);
    const copy = target.incidents().at(-1);
    expect(copy).toMatchObject({ plan_status: 'C', resolution_summary: 'all <b>done</b>' });
    expect(target.notes({ incidentId: copy?.id ?? 0 })).toHaveLength(2);

    source.reopenIncident(id);
    expect(await costOf(events.incident(id))).toEqual(['PATCH /incidents/N']);
    expect(target.incident(copy?.id ?? 0).plan_status).toBe('A');

    source.addNote({ incidentId: id }, 'missed');
    source.closeIncident(id, { resolution: 'Resolved', summary: 'again' });
    const [first, ...others] = await events.whole(id);
    await bench.deliver(feed, first as FeedEvent);
    expect(target.incident(copy?.id ?? 0)).toMatchObject({ plan_status: 'A', resolution_summary: 'all <b>done</b>' });
    await bench.deliverAll(feed, others);
    expect(target.incident(copy?.id ?? 0)).toMatchObject({ plan_status: 'C', resolution_summary: 'again' });
  });

  it('wait for what they hang under', async () => {
    const { source, events } = bench;
    const { id } = source.createIncident({ name: 'Later', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'a note');
    const reply = source.reply(note.id, 'a reply');
    const incidentKey = { orgId: 201, incidentId: id, type: 'incident', objectId: id };
    expect(await bench.deliver(feed, await events.note(id, reply.id))).toEqual({ status: 'waiting', on: incidentKey });
    await bench.deliver(feed, await events.incident(id));
    expect(await bench.deliver(feed, await events.note(id, reply.id))).toEqual({
      status: 'waiting',
      on: { ...incidentKey, type: 'note', objectId: note.id },
    });
  });

  it('without a place in the target are skipped with the reason', async () => {
    const { source, events } = bench;
    const { id } = await incident();
    const row = source.addRow(id, 'source_table', { what: 'lost' });
    expect(await bench.deliver(feed, await events.row(id, 'source_table', row.id))).toEqual({
      status: 'skipped',
      reason: expect.stringContaining('source_table'),
    });
    await feed.flush();
    const losses = bench.log.of('warn').find((line) => line.startsWith('Not carried over into the target so far'));
    expect(losses).toContain('source_table');
  });

  it('of an artifact type that the target lacks are skipped, and what hangs under them goes to the incident', async () => {
    const { source, target, events } = bench;
    const { id, copyId } = await incident();
    const [parent] = source.addArtifact(id, { type: 'badge_id', value: '4711' });
    const [child] = source.addArtifact(id, { type: 'String', value: 'below', parent_id: parent?.id ?? 0 });
    const [grandchild] = source.addArtifact(id, { type: 'String', value: 'below it', parent_id: child?.id ?? 0 });
    const childEvent = await events.artifact(id, child?.id ?? 0);
    expect(await bench.deliver(feed, childEvent)).toMatchObject({ status: 'waiting' });
    expect(await bench.deliver(feed, await events.artifact(id, parent?.id ?? 0))).toEqual({
      status: 'skipped',
      reason: expect.stringContaining('Badge ID'),
    });
    await bench.deliver(feed, childEvent);
    await bench.deliver(feed, await events.artifact(id, grandchild?.id ?? 0));
    const [copy, below] = target.artifacts(copyId);
    expect(copy).toMatchObject({ value: 'below', parent_id: null });
    expect(below).toMatchObject({ value: 'below it', parent_id: copy?.id });
  });

  it('too large for the target are refused before a byte is downloaded', async () => {
    const { source, events } = bench;
    const { id } = await incident();
    const attachment = source.addAttachment({ incidentId: id }, { name: 'big.bin', content: Buffer.from('small') });
    const event = await events.attachment(id, attachment.id);
    const content = { name: 'big.bin', size: 26 * 1024 * 1024, open: () => Promise.reject(new Error('was opened')) };
    await expect(bench.deliver(feed, { ...event, content })).rejects.toMatchObject({
      kind: 'permanent',
      code: 'file-too-large',
    });
  });
});
