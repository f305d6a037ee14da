import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compareOrgs, demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { OrgDump, Simulator, SimOrg } from '@soar-feed/soar-simulator';
import { hiddenBy, leftByRestore, madeAgain, renamedBack } from '../src/oracles/OldMapping.js';

let simulator: Simulator;
let source: SimOrg;
let target: SimOrg;

beforeAll(async () => {
  const orgs = demoOrgs();
  simulator = await startSimulator({ orgs: [orgs.source, orgs.target], sockets: false });
  source = simulator.org(orgs.source.id);
  target = simulator.org(orgs.target.id);
});
afterAll(() => simulator.stop());

const targetNow = (): OrgDump => simulator.dump(target.id);

/** An incident whose name was `copied` in the target when the mapping was copied, `putBack` when the copy was put back, and so on. */
function hidden(names: {
  readonly copied?: string;
  readonly putBack: string;
  readonly source: string;
}): readonly boolean[] {
  for (const org of [source, target]) for (const id of org.incidentIds()) org.deleteIncident(id);
  const { id } = source.createIncident({ name: names.source, discovered_date: 1 });
  const before = targetNow();
  const properties = { df_org_id: source.id, df_inc_id: id };
  const copy = target.createIncident({ name: names.copied ?? names.putBack, discovered_date: 1, properties });
  const copied = names.copied === undefined ? before : targetNow();
  target.updateIncident(copy.id, { name: names.putBack });
  const now = simulator.dump(source.id);
  const { different } = compareOrgs(now, targetNow());
  const isHidden = hiddenBy({ copied, putBack: targetNow() }, now);
  return different.filter(({ field }) => field === 'name').map(isHidden);
}

it('a field that changed after the copy and changed back is hidden by the copy', () => {
  expect(hidden({ copied: 'old', putBack: 'sent since', source: 'old' })).toEqual([true]);
});

it('a field with a value that the copy does not have is not', () => {
  expect(hidden({ copied: 'old', putBack: 'sent since', source: 'newer' })).toEqual([false]);
});

it('nothing is hidden of an object that the copy does not know', () => {
  expect(hidden({ putBack: 'sent since', source: 'old' })).toEqual([false]);
});

it('without a copy that was put back, nothing is hidden', () => {
  const [difference] = compareOrgs(simulator.dump(source.id), targetNow()).different;
  expect(difference).toBeDefined();
  if (difference !== undefined)
    expect(hiddenBy({ copied: targetNow() }, simulator.dump(source.id))(difference)).toBe(false);
});

it('a milestone that was made after the copy, and is there once more since, was made again; any other is too much', () => {
  const { id } = target.createIncident({ name: 'with milestones', discovered_date: 1 });
  const milestone = (title: string) => target.addMilestone(id, { title, date: 1 }).id;
  const early = milestone('before the copy');
  const copied = targetNow();
  const between = milestone('before the copy was put back');
  const putBack = targetNow();
  const late = milestone('after that');
  const found = [early, between, late].map((objectId) => ({
    type: 'milestone',
    objectId,
    incidentId: id,
    incident: '',
    object: '',
  }));
  expect(found.map((each) => madeAgain({ copied, putBack })(each))).toEqual([false, true, false]);
});

it('a field of one of several equal objects is hidden, too, although another one has got another name since', () => {
  for (const org of [source, target]) for (const id of org.incidentIds()) org.deleteIncident(id);
  const { id } = source.createIncident({ name: 'with tasks', discovered_date: 1 });
  const properties = { df_org_id: source.id, df_inc_id: id };
  const copy = target.createIncident({ name: 'with tasks', discovered_date: 1, properties });
  const taskOf = (org: SimOrg, incidentId: number): number => org.createTask(incidentId, { name: 'equal' }).id;
  const [renamed] = [taskOf(source, id), taskOf(source, id)];
  const [itsTwin, closed] = [taskOf(target, copy.id), taskOf(target, copy.id)];
  const copied = targetNow();
  target.updateTask(closed, { status: 'C' });
  const putBack = targetNow();
  for (const [org, task] of [
    [source, renamed],
    [target, itsTwin],
  ] as const)
    org.updateTask(task, { name: 'another' });
  const now = simulator.dump(source.id);
  const { different } = compareOrgs(now, targetNow());
  const status = different.filter(({ field }) => field === 'status');
  expect(status.map(hiddenBy({ copied, putBack }, now))).toEqual([true]);
});

it('what a restored source lacks is left in the target if the mapping was lost, or its copy does not know it either', () => {
  const { id } = target.createIncident({ name: 'with notes', discovered_date: 1 });
  const note = target.addNote({ incidentId: id }, 'known to the copy');
  const known = { type: 'note', objectId: target.reply(note.id, 'a reply').id };
  const copied = targetNow();
  const later = { type: 'note', objectId: target.addNote({ incidentId: id }, 'later').id };
  const isLeft = leftByRestore({ copied });
  const finding = { incident: '', incidentId: id, object: '' };
  expect([known, later].map((one) => isLeft({ ...finding, ...one }))).toEqual([false, true]);
  expect(leftByRestore(undefined)({ ...finding, ...known })).toBe(true);
});

it('a task that was renamed after the copy and has its old name again lacks a counterpart, which is too much', () => {
  const { id } = target.createIncident({ name: 'with tasks', discovered_date: 1 });
  const [renamed, other] = ['old', 'other'].map((name) => target.createTask(id, { name }).id) as [number, number];
  const copied = targetNow();
  target.updateTask(renamed, { name: 'sent since' });
  const isRenamedBack = renamedBack({ copied, putBack: targetNow() });
  const task = { type: 'task', incidentId: id, incident: 'with tasks' };
  expect(isRenamedBack({ ...task, objectId: 1, object: 'old' })).toBe(true);
  expect(isRenamedBack({ ...task, objectId: renamed, object: 'sent since' })).toBe(true);
  expect(isRenamedBack({ ...task, objectId: 1, object: 'another name' })).toBe(false);
  expect(isRenamedBack({ ...task, objectId: other, object: 'other' })).toBe(false);
  expect(renamedBack({ copied })({ ...task, objectId: 1, object: 'old' })).toBe(false);
});
