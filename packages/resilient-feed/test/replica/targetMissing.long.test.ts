import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { likeliest } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, replicaBench } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(60_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const when = 1_700_000_000_000;

/** An object of every type that can change, replicated; somebody deletes each in the target; then each changes. */
async function editedByHand(policy: string): Promise<{ readonly host: FeedHost } & ReplicaBench> {
  const made = await replicaBench({ resilientFeed: [`on_target_missing=${policy}`] });
  bench = made;
  const { source, target } = made;
  const host = await made.makeHost();
  await host.start();
  const { id } = source.createIncident({ name: 'Edited there', discovered_date: when });
  const task = source.createTask(id, { name: 'Look' });
  source.addNote({ taskId: task.id }, 'of the task');
  const note = source.addNote({ incidentId: id }, 'a note');
  const [artifact] = source.addArtifact(id, { type: 'IP Address', value: '192.0.2.1' });
  const milestone = source.addMilestone(id, { title: 'Found', date: when });
  const row = source.addRow(id, 'affected_hosts', { host: 'h' });
  await caughtUp(made, host);
  expect(compared(made)).toEqual(IDENTICAL);

  const [copyId = 0] = target.incidentIds();
  for (const copy of target.tasks(copyId)) target.deleteTask(copy.id);
  for (const copy of target.notes({ incidentId: copyId })) if (copy.text === 'a note') target.deleteNote(copy.id);
  for (const copy of target.artifacts(copyId)) target.deleteArtifact(copy.id);
  for (const copy of target.milestones(copyId)) target.deleteMilestone(copy.id);
  for (const copy of target.rows(copyId)) target.deleteRow(copy.id);
  source.updateTask(task.id, { status: 'C' });
  source.editNote(note.id, 'edited');
  source.updateArtifact(artifact?.id ?? 0, { description: 'edited' });
  source.updateMilestone(milestone.id, { title: 'Found again' });
  source.updateRow(row.id, { host: 'edited' });
  await caughtUp(made, host);
  return { ...made, host };
}

const CHANGED = ['affected_hosts', 'artifact', 'milestone', 'note', 'task'];

const missing = ({ log }: ReplicaBench) => log.lines.filter(({ fields }) => fields.event === 'target.missing');

describe('what somebody deleted in the target, once its source changes', () => {
  it('is made again with all below it, and said: on_target_missing=recreate', async () => {
    const now = await editedByHand('recreate');
    expect(compared(now)).toEqual(IDENTICAL);
    expect(missing(now)).toHaveLength(CHANGED.length);
    expect(now.host.status().feeds[0]?.parked).toMatchObject({ failed: 0, waiting: 0, resync: 0 });
  });

  it('is parked, and made once a person says so, also after a restart: on_target_missing=park', async () => {
    const now = await editedByHand('park');
    expect(now.host.status().feeds[0]?.parked).toMatchObject({ failed: CHANGED.length });
    expect(compared(now).missing.map(({ type }) => type)).toEqual(expect.arrayContaining(CHANGED));
    expect(missing(now)).toEqual([]);
    await now.host.stop(2_000);

    const host = await now.makeHost();
    await host.start();
    await host.retryParked({ code: 'target-missing' });
    await caughtUp(now, host);
    expect(host.status().feeds[0]?.parked).toMatchObject({ failed: 0, waiting: 0, resync: 0 });
    expect(compared(now)).toEqual(IDENTICAL);
  });

  it('stays away: on_target_missing=skip', async () => {
    const now = await editedByHand('skip');
    const { host, target } = now;
    expect(host.status().feeds[0]).toMatchObject({ counts: { skipped: CHANGED.length }, parked: { failed: 0 } });
    const types = compared(now).missing.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(CHANGED));
    const [copyId = 0] = target.incidentIds();
    expect(target.tasks(copyId)).toEqual([]);
    expect(missing(now)).toEqual([]);
  });

  it.each(['task', 'note'] as const)('brings what went with it, though unchanged: its %s tells', async (teller) => {
    bench = await replicaBench({ simulator: { behaviour: { ...likeliest, deletedThread: 'removed' } } });
    const { source, target } = bench;
    const host = await bench.makeHost();
    await host.start();
    const { id } = source.createIncident({ name: 'Tasks and threads', discovered_date: when });
    const task = source.createTask(id, { name: 'Look' });
    const [below] = ['one', 'two'].map((text) => source.addNote({ taskId: task.id }, text));
    source.addAttachment({ taskId: task.id }, { name: 'a.txt', content: Buffer.from('abc') });
    const top = source.addNote({ incidentId: id }, 'top');
    const [reply] = ['first', 'second'].map((text) => source.reply(top.id, text));
    await caughtUp(bench, host);
    const [copyId = 0] = target.incidentIds();
    for (const copy of target.tasks(copyId)) target.deleteTask(copy.id);
    for (const copy of target.notes({ incidentId: copyId })) if (copy.text === 'top') target.deleteNote(copy.id);
    if (teller === 'task') source.updateTask(task.id, { status: 'C' });
    else source.editNote(below?.id ?? 0, 'edited');
    source.editNote((teller === 'task' ? top : reply)?.id ?? 0, 'edited');
    await caughtUp(bench, host);
    expect(compared(bench)).toEqual(IDENTICAL);
    expect(host.status().feeds[0]?.parked).toMatchObject({ failed: 0, waiting: 0, resync: 0 });
  });

  it('goes for a whole incident, too: one change brings all of it back', async () => {
    bench = await replicaBench();
    const { source, target } = bench;
    const host = await bench.makeHost();
    await host.start();
    const { id } = source.createIncident({ name: 'Deleted there', discovered_date: when });
    const task = source.createTask(id, { name: 'Look' });
    source.addNote({ taskId: task.id }, 'of the task');
    const note = source.addNote({ incidentId: id }, 'a note');
    source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('abc') });
    await caughtUp(bench, host);
    target.deleteIncident(target.incidentIds()[0] ?? 0);
    source.editNote(note.id, 'edited');
    await caughtUp(bench, host);
    expect(compared(bench)).toEqual(IDENTICAL);
    expect(target.incidentIds()).toHaveLength(1);
  });
});
