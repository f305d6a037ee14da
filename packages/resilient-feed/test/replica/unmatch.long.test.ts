import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { caughtUp, compared, IDENTICAL, replicaBench, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(60_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const when = 1_700_000_000_000;
const nothingParked = { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 };

async function running(
  options: Parameters<typeof replicaBench>[0],
): Promise<{ readonly host: FeedHost } & ReplicaBench> {
  const made = await replicaBench(options);
  bench = made;
  const host = await made.makeHost();
  await host.start();
  return { ...made, host };
}

/** One object of most types. */
function fill({ source }: ReplicaBench, id: number): { readonly noteId: number } {
  const task = source.createTask(id, { name: 'Look' });
  source.addNote({ taskId: task.id }, 'of the task');
  const note = source.addNote({ incidentId: id }, 'a note');
  source.reply(note.id, 'a reply');
  source.addArtifact(id, { type: 'IP Address', value: '192.0.2.1' });
  source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('abc') });
  source.addMilestone(id, { title: 'Found', date: when });
  source.addRow(id, 'affected_hosts', { host: 'h' });
  return { noteId: note.id };
}

describe.each([
  ['freeze', { left: 1, status: 'A', again: 'the same' }],
  ['close', { left: 1, status: 'C', again: 'the same' }],
  ['delete', { left: 0, status: undefined, again: 'a new one' }],
] as const)('an incident that stops matching, on_unmatch=%s', (how, expected) => {
  const options = { resilientFeed: [`on_unmatch=${how}`, 'matching_incident_fields=severity_code = High'] };

  it(`hears no more of its source; once it matches again, ${expected.again} holds all there is`, async () => {
    const now = await running(options);
    const { source, target, host } = now;
    const { id } = source.createIncident({ name: 'Comes and goes', discovered_date: when, severity_code: 'High' });
    const { noteId } = fill(now, id);
    await caughtUp(now, host);
    expect(compared(now)).toEqual(IDENTICAL);
    const [copyId] = target.incidentIds();

    source.updateIncident(id, { severity_code: 'Low', name: 'Meanwhile' });
    source.editNote(noteId, 'edited meanwhile');
    source.addNote({ incidentId: id }, 'new meanwhile');
    await caughtUp(now, host);
    expect(target.incidents().map(({ name, plan_status: status }) => [name, status])).toEqual(
      expected.left === 0 ? [] : [['Comes and goes', expected.status]],
    );
    for (const incidentId of target.incidentIds()) {
      const texts = target.notes({ incidentId }).map(({ text }) => text);
      expect(texts).toContain('a note');
      expect(texts).not.toContain('new meanwhile');
    }
    // A reload brings nothing new.
    await host.reload(host.wholeRange());
    expect(target.incidentIds()).toHaveLength(expected.left);

    source.updateIncident(id, { severity_code: 'High' });
    await caughtUp(now, host);
    expect(host.status().feeds[0]?.parked).toEqual(nothingParked);
    expect(compared(now)).toEqual(IDENTICAL);
    expect(target.incidentIds()).toHaveLength(1);
    expect(target.incidentIds()[0] === copyId).toBe(expected.again === 'the same');
    // And it continues.
    source.updateIncident(id, { severity_code: 'Low' });
    await caughtUp(now, host);
    expect(target.incidents().map(({ plan_status: status }) => status)).toEqual(
      expected.left === 0 ? [] : [expected.status],
    );
    source.updateIncident(id, { severity_code: 'High' });
    await caughtUp(now, host);
    expect(compared(now)).toEqual(IDENTICAL);
  });
});

describe('an incident that the target does not let close', () => {
  it('is parked with the reason, and closed once that is mended and a person says so', async () => {
    const now = await running({
      resilientFeed: ['on_unmatch=close', 'matching_incident_fields=severity_code = High'],
      target: { finalPhaseRequired: true },
    });
    const { source, target, host } = now;
    const type = { incident_type_ids: ['Malware'] };
    const { id } = source.createIncident({ name: 'Open tasks', discovered_date: when, severity_code: 'High', ...type });
    await caughtUp(now, host);
    source.updateIncident(id, { severity_code: 'Low' });
    await caughtUp(now, host);
    const [copy] = target.incidents();
    expect(copy).toMatchObject({ plan_status: 'A' });
    expect(host.status().feeds[0]?.parked).toEqual({ ...nothingParked, failed: 1 });
    expect(now.log.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ code: 'close-refused' }) }),
    );
    for (const task of target.tasks(copy?.id ?? 0)) target.updateTask(task.id, { status: 'C' });
    await host.retryParked({ state: 'failed' });
    await until('it is closed', () => target.incident(copy?.id ?? 0).plan_status === 'C');
    await caughtUp(now, host);
    expect(host.status().feeds[0]?.parked).toEqual(nothingParked);
  });
});

describe('an incident that moves to another workspace', () => {
  const routed = { feeds: ['feed_names=resilient_feed', 'workspaces="Default workspace": ["resilient_feed"]'] };

  it('that is fed comes whole, however young it is; into one that is not, it stays as it was', async () => {
    const now = await running(routed);
    const { source, target, host } = now;
    const workspace = (label: string): number =>
      source.workspaces().find((one) => one.label === label)?.id ?? Number.NaN;
    const { id } = source.createIncident({ name: 'Moves', discovered_date: when, workspace: workspace('Red Team') });
    const { noteId } = fill(now, id);
    await caughtUp(now, host);
    expect(target.incidentIds()).toEqual([]);

    source.updateIncident(id, { workspace: workspace('Default workspace') });
    await caughtUp(now, host);
    expect(compared(now)).toEqual(IDENTICAL);

    source.updateIncident(id, { workspace: workspace('Red Team'), name: 'Moved' });
    source.editNote(noteId, 'edited elsewhere');
    source.addNote({ incidentId: id }, 'new elsewhere');
    await caughtUp(now, host);
    expect(target.incidents().map(({ name }) => name)).toEqual(['Moves']);

    // Once it matches again, the same incident continues; a reload brings the objects that it missed.
    source.updateIncident(id, { workspace: workspace('Default workspace') });
    await caughtUp(now, host);
    expect(target.incidents().map(({ name }) => name)).toEqual(['Moved']);
    await host.reload(host.wholeRange());
    await caughtUp(now, host);
    expect(compared(now)).toEqual(IDENTICAL);
  });
});
