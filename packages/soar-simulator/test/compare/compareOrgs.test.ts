import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { compareOrgs } from '../../src/compare/compareOrgs.js';
import type { Comparison } from '../../src/compare/Comparison.js';
import type { Behaviour } from '../../src/behaviour/Behaviour.js';
import type { SimOrg } from '../../src/org/SimOrg.js';
import { demoOrgs } from '../../src/seed/demoOrgs.js';
import { seedIncidents } from '../../src/seed/seedIncidents.js';
import { runWorkload } from '../../src/workload/runWorkload.js';
import { openOrg } from '../seed/openOrg.js';
import { replicate } from './replicate.js';

jest.setTimeout(60_000); // much work for a busy machine

function openPair(behaviour: Partial<Behaviour> = {}): [SimOrg, SimOrg] {
  const options = demoOrgs();
  const target = openOrg(options.target, behaviour);
  target.setRules(false); // nobody reads its messages
  return [openOrg(options.source, behaviour), target];
}

const compare = (source: SimOrg, target: SimOrg) => compareOrgs(source.dump(), target.dump());
const findings = ({ missing, doubled, different }: Comparison) => ({ missing, doubled, different });
const nothing = { missing: [], doubled: [], different: [] };

describe('compareOrgs on a perfect replica', () => {
  it.each([
    ['with references', true],
    ['by name and date alone', false],
  ])('finds nothing in seeded orgs %s', (_name, references) => {
    const [source, target] = openPair();
    seedIncidents(source, { incidents: 60, seed: 11 });
    replicate(source, target, references);
    const result = compare(source, target);
    expect(findings(result)).toEqual(nothing);
    expect(result.identical).toBe(true);
    for (const count of Object.values(result.counts)) {
      expect(count.source - count.sourceOnly).toBe(count.target - count.targetOnly);
    }
    expect(result.counts['incident']).toEqual({ source: 60, target: 60, sourceOnly: 0, targetOnly: 0 });
    expect(result.counts['source_only']?.target).toBe(0);
    // Each of these really occurred, to be explained.
    expect(Object.keys(result.explained)).toEqual(
      expect.arrayContaining([
        'missing-option',
        'missing-person',
        'missing-table',
        'missing-artifact-type',
        'automatic-task',
        'default-note',
      ]),
    );
    expect(result.explained['default-note']).toBe(60);
  });

  it('finds nothing after a random workload, deleted threads and retyped incidents included', async () => {
    const [source, target] = openPair();
    seedIncidents(source, { incidents: 10 });
    await runWorkload(source, { operations: 800, seed: 3 });
    replicate(source, target);
    expect(findings(compare(source, target))).toEqual(nothing);
  });

  it('works for empty orgs', () => {
    const [source, target] = openPair();
    expect(compare(source, target)).toEqual({ identical: true, ...nothing, counts: {}, explained: {} });
  });
});

describe('compareOrgs finds', () => {
  let source: SimOrg;
  let target: SimOrg;
  /** Ids of the replica. */
  let incidentId: number;

  beforeEach(() => {
    [source, target] = openPair();
    const { id } = source.createIncident({ name: 'Case', discovered_date: 1_000, severity_code: 'High' });
    for (const name of ['Task A', 'Task B']) {
      const task = source.createTask(id, { name, instructions: `<b>${name}</b>` });
      source.addNote({ taskId: task.id }, `note of ${name}`);
      source.addAttachment({ taskId: task.id }, { name: `${name}.txt`, content: Buffer.from(name) });
    }
    for (const text of ['first', 'second'])
      source.reply(source.addNote({ incidentId: id }, text).id, `reply to ${text}`);
    const [parent] = source.addArtifact(id, { type: 'String', value: 'parent' });
    source.addArtifact(id, { type: 'String', value: 'other' });
    source.addArtifact(id, { type: 'String', value: 'child', parent_id: parent?.id ?? null, description: 'd' });
    source.addFileArtifact(id, { type: 'Log File', value: 'a.log' }, { name: 'a.log', content: Buffer.from('log') });
    source.addAttachment({ incidentId: id }, { name: 'plan.pdf', content: Buffer.from('plan') });
    source.addMilestone(id, { title: 'Contained', date: 5_000 });
    for (const host of ['web', 'db']) source.addRow(id, 'affected_hosts', { host, host_status: 'Infected', alerts: 3 });
    replicate(source, target);
    incidentId = target.incidentIds()[0] ?? 0;
    expect(compare(source, target).identical).toBe(true);
  });

  const first = <T>(list: readonly T[]): T => {
    const [element] = list;
    if (element === undefined) throw new Error('The replica has none');
    return element;
  };
  const note = (text: string) => first(target.notes({ incidentId }).filter((each) => each.text === text));
  const task = (name: string) => first(target.tasks(incidentId).filter((each) => each.name === name));
  const artifact = (value: string) => first(target.artifacts(incidentId).filter((each) => each.value === value));

  const missing: [string, string, () => void][] = [
    ['incident', 'Case', () => target.deleteIncident(incidentId)],
    ['task', 'Task A', () => target.deleteTask(task('Task A').id)],
    ['note', 'reply to first', () => target.deleteNote(first(note('first').children).id)],
    ['note', 'note of Task B', () => target.deleteNote(first(target.notes({ taskId: task('Task B').id })).id)],
    ['artifact', 'other', () => target.deleteArtifact(artifact('other').id)],
    ['attachment', 'plan.pdf', () => target.deleteAttachment(first(target.attachments({ incidentId })).id)],
    ['milestone', 'Contained', () => target.deleteMilestone(first(target.milestones(incidentId)).id)],
    ['affected_hosts', '"host":"web"', () => target.deleteRow(first(target.rows(incidentId)).id)],
  ];
  it.each(missing)('a missing %s: %s', (type, object, remove) => {
    remove();
    const result = compare(source, target);
    expect(findings(result)).toMatchObject({ ...nothing, missing: [{ incident: 'Case', type }] });
    expect(result.missing[0]?.object).toContain(object);
    expect(result.identical).toBe(false);
  });

  const doubled: [string, () => void][] = [
    ['task', () => target.createTask(incidentId, { name: 'Task A', instructions: '<b>Task A</b>' })],
    ['note', () => target.addNote({ incidentId }, 'first')],
    ['note', () => target.addNote({ incidentId }, 'Incident created from \nHost:twice')],
    ['note', () => target.addNote({ incidentId }, 'by somebody else')],
    ['note', () => target.reply(note('first').id, 'reply to first')],
    ['artifact', () => target.addArtifact(incidentId, { type: 'badge_id', value: 'x' })],
    ['attachment', () => target.addAttachment({ incidentId }, { name: 'plan.pdf', content: Buffer.from('plan') })],
    ['milestone', () => target.addMilestone(incidentId, { title: 'Contained', date: 5_000 })],
    [
      'affected_hosts',
      () => target.addRow(incidentId, 'affected_hosts', { host: 'web', host_status: 'Infected', alerts: 3 }),
    ],
  ];
  it.each(doubled)('a doubled %s', (type, repeat) => {
    repeat();
    expect(findings(compare(source, target))).toMatchObject({ ...nothing, doubled: [{ incident: 'Case', type }] });
  });

  it('a second copy beside a missing object, rather than a difference', () => {
    target.deleteNote(first(note('second').children).id);
    target.deleteNote(note('second').id);
    target.addNote({ incidentId }, 'first');
    expect(findings(compare(source, target))).toMatchObject({
      missing: [{ type: 'note', object: 'second' }],
      doubled: [{ type: 'note', object: 'first' }],
      different: [],
    });
  });

  const changed: [string, string, string, string, () => void][] = [
    ['incident', 'severity_code', '"High"', '"Low"', () => target.updateIncident(incidentId, { severity_code: 'Low' })],
    ['incident', 'severity_code', '"High"', 'null', () => target.updateIncident(incidentId, { severity_code: null })],
    ['incident', 'name', '"Case"', '"Other"', () => target.updateIncident(incidentId, { name: 'Other' })],
    [
      'incident',
      'discovered_date',
      '1000',
      '1001',
      () => target.updateIncident(incidentId, { discovered_date: 1_001 }),
    ],
    ['incident', 'properties.cost', 'null', '7', () => target.updateIncident(incidentId, { properties: { cost: 7 } })],
    [
      'incident',
      'members',
      '[]',
      '["ada@example.com"]',
      () => target.updateIncident(incidentId, { members: ['ada@example.com'] }),
    ],
    [
      'incident',
      'plan_status',
      '"A"',
      '"C"',
      () => target.closeIncident(incidentId, { resolution: 'Resolved', summary: 'x' }),
    ],
    ['incident', 'confirmed', 'false', 'true', () => target.updateIncident(incidentId, { confirmed: true })],
    ['task', 'status', '"O"', '"C"', () => target.updateTask(task('Task A').id, { status: 'C' })],
    ['task', 'name', '"Task A"', '"Task Z"', () => target.updateTask(task('Task A').id, { name: 'Task Z' })],
    ['task', 'private', 'null', 'true', () => target.updateTask(task('Task A').id, { private: true })],
    ['note', 'text', '"second"', '"2nd"', () => target.editNote(note('second').id, '2nd')],
    ['artifact', 'description', '"d"', '"e"', () => target.updateArtifact(artifact('child').id, { description: 'e' })],
    [
      'artifact',
      'ip.source',
      'null',
      'true',
      () => target.updateArtifact(artifact('child').id, { ip: { source: true } }),
    ],
    [
      'milestone',
      'date',
      '5000',
      '6000',
      () => target.updateMilestone(first(target.milestones(incidentId)).id, { date: 6_000 }),
    ],
    ['affected_hosts', 'alerts', '3', '4', () => target.updateRow(first(target.rows(incidentId)).id, { alerts: 4 })],
    [
      'affected_hosts',
      'host_status',
      '"Infected"',
      '"Re-imaged"',
      () => target.updateRow(first(target.rows(incidentId)).id, { host_status: 'Re-imaged' }),
    ],
  ];
  it.each(changed)('a changed %s.%s: %s became %s', (type, field, was, is, change) => {
    change();
    const result = compare(source, target);
    expect({ missing: result.missing, doubled: result.doubled }).toEqual({ missing: [], doubled: [] });
    expect(result.different).toContainEqual(
      expect.objectContaining({ incident: 'Case', type, field, source: was, target: is }),
    );
    // Closing also needs a resolution and a summary.
    expect(result.different).toHaveLength(field === 'plan_status' ? 3 : 1);
  });

  it('changed content of an attachment, a task attachment and a file artifact', () => {
    target.deleteAttachment(first(target.attachments({ incidentId })).id);
    target.addAttachment({ incidentId }, { name: 'plan.pdf', content: Buffer.from('PLAN') });
    const taskId = task('Task A').id;
    target.deleteAttachment(first(target.attachments({ taskId })).id);
    target.addAttachment({ taskId }, { name: 'Task A.txt', content: Buffer.from('') });
    target.deleteArtifact(artifact('a.log').id);
    target.addFileArtifact(
      incidentId,
      { type: 'Log File', value: 'a.log' },
      { name: 'a.log', content: Buffer.from('l') },
    );
    const { different, ...rest } = findings(compare(source, target));
    expect(rest).toEqual({ missing: [], doubled: [] });
    expect(different.map(({ type, field }) => `${type} ${field}`).sort()).toEqual([
      'artifact content',
      'attachment content',
      'attachment content',
    ]);
    expect(different[0]?.source).toMatch(/sha256/);
  });

  it('an artifact under the wrong parent', () => {
    target.deleteArtifact(artifact('child').id);
    const parent_id = artifact('other').id;
    target.addArtifact(incidentId, { type: 'String', value: 'child', parent_id, description: 'd' });
    expect(findings(compare(source, target))).toMatchObject({
      ...nothing,
      different: [{ type: 'artifact', field: 'parent', source: '"String parent"', target: '"String other"' }],
    });
  });

  it('swapped parents of replies, task notes and task attachments', () => {
    for (const [own, others] of [
      ['first', 'second'],
      ['second', 'first'],
    ] as const) {
      target.deleteNote(first(note(own).children).id);
      target.reply(note(own).id, `reply to ${others}`);
    }
    const swapped = compare(source, target);
    expect(swapped.identical).toBe(false);
    expect(swapped.different.map(({ object }) => object).sort()).toEqual(['reply to first', 'reply to second']);

    const taskId = task('Task A').id;
    target.addAttachment({ taskId }, { name: 'Task B.txt', content: Buffer.from('Task B') });
    target.deleteAttachment(first(target.attachments({ taskId: task('Task B').id })).id);
    expect(compare(source, target)).toMatchObject({
      missing: [{ type: 'attachment', object: 'Task B.txt' }],
      doubled: [{ type: 'attachment', object: 'Task B.txt' }],
    });
  });

  it('a note of the task on the incident', () => {
    target.deleteNote(first(target.notes({ taskId: task('Task A').id })).id);
    target.addNote({ incidentId }, 'note of Task A');
    expect(findings(compare(source, target))).toMatchObject({
      missing: [{ type: 'note', object: 'note of Task A' }],
      doubled: [{ type: 'note', object: 'note of Task A' }],
      different: [],
    });
  });

  it('an incident copied twice, and one the source has no more', () => {
    replicate(source, target);
    expect(findings(compare(source, target))).toMatchObject({
      ...nothing,
      doubled: [{ type: 'incident', object: 'Case' }],
    });
    target.deleteIncident(target.incidentIds()[1] ?? 0);
    source.deleteIncident(source.incidentIds()[0] ?? 0);
    expect(findings(compare(source, target))).toMatchObject({
      ...nothing,
      doubled: [{ type: 'incident', object: 'Case' }],
    });
  });

  it('an automatic task that was repeated instead of taken', () => {
    source.updateIncident(source.incidentIds()[0] ?? 0, { incident_type_ids: ['Malware'] });
    target.updateIncident(incidentId, { incident_type_ids: ['Malware'] });
    expect(findings(compare(source, target))).toEqual(nothing);
    const isolate = first(source.tasks(source.incidentIds()[0] ?? 0).filter(({ name }) => name === 'Isolate the host'));
    source.updateTask(isolate.id, { due_date: 9_000 });
    const { instructions, required } = isolate;
    target.createTask(incidentId, { name: isolate.name, phase_id: 'Respond', instructions, required, due_date: 9_000 });
    expect(findings(compare(source, target))).toMatchObject({
      ...nothing,
      doubled: [{ type: 'task', object: 'Isolate the host' }],
    });
  });

  it('a value of the target that the source cleared or that nothing explains', () => {
    source.updateIncident(source.incidentIds()[0] ?? 0, { severity_code: 'Critical' });
    expect(findings(compare(source, target)).different).toMatchObject([
      { field: 'severity_code', source: '"Critical"', target: '"High"' },
    ]);
    target.updateIncident(incidentId, { severity_code: null });
    expect(compare(source, target)).toMatchObject({ identical: true, explained: { 'missing-option': 1 } });
  });

  it('nothing where it is told to look away', () => {
    target.updateIncident(incidentId, { properties: { cost: 7 } });
    target.editNote(note('first').id, 'first<br>(by Ada)');
    const own = target.createIncident({ name: 'Own', discovered_date: 1 });
    const other = source.createIncident({ name: 'Filtered', discovered_date: 1 });
    const told = compareOrgs(source.dump(), target.dump(), {
      ignoreFields: ['incident.properties.cost'],
      noteText: (text) => text.replace(/<br ?\/?>\(by Ada\)$/, ''),
      ownOfTarget: ({ id }) => id === own.id,
      expected: ({ id }) => id !== other.id,
    });
    expect(findings(told)).toEqual(nothing);
    expect(told.counts['incident']).toEqual({ source: 2, target: 2, sourceOnly: 1, targetOnly: 1 });
  });

  it('long values shortened around their first difference', () => {
    const long = 'x'.repeat(5_000);
    source.updateIncident(source.incidentIds()[0] ?? 0, { description: `${long}A${long}` });
    target.updateIncident(incidentId, { description: `${long}B${long}` });
    const [difference] = compare(source, target).different;
    expect(difference?.source).toMatch(/^…x+Ax+…$/);
    expect(difference?.target).toMatch(/^…x+Bx+…$/);
    expect(difference?.source.length).toBeLessThan(130);
  });
});
