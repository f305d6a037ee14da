import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DumpIncident, DumpNote, OrgDump } from '../../src/dump/OrgDump.js';
import { demoOrgs } from '../../src/seed/demoOrgs.js';
import { Random } from '../../src/seed/Random.js';
import { seedIncidents, type SeedSummary } from '../../src/seed/seedIncidents.js';
import { openOrg } from './openOrg.js';

jest.setTimeout(60_000); // much work for a busy machine

const all = (notes: readonly DumpNote[]): DumpNote[] => notes.flatMap((note) => [note, ...all(note.children)]);

function objectsOf(incident: DumpIncident): number {
  const { tasks, notes, artifacts, attachments, milestones, rows } = incident;
  const ofTasks = tasks.reduce((sum, task) => sum + all(task.notes).length + task.attachments.length, 0);
  const flat = tasks.length + artifacts.length + attachments.length + milestones.length + rows.length;
  return 1 + flat + all(notes).length + ofTasks;
}

describe('seedIncidents', () => {
  let dump: OrgDump;
  let summary: SeedSummary;
  let messages: unknown[];

  beforeAll(async () => {
    const org = openOrg(demoOrgs().source);
    summary = seedIncidents(org, { incidents: 100, seed: 7 });
    await org.settled();
    dump = org.dump();
    messages = org.messages;
  });

  it('counts what it made: about 18 objects an incident, 6 % automatic tasks, 10 % with content', () => {
    const objects = dump.incidents.reduce((sum, incident) => sum + objectsOf(incident), 0);
    expect(summary).toMatchObject({ incidents: 100, objects });
    expect(objects).toBeGreaterThanOrEqual(1_750);
    expect(objects).toBeLessThan(1_950);
    const automatic = dump.incidents.flatMap(({ tasks }) => tasks).filter(({ ids }) => ids['custom'] === false);
    expect(summary.automaticTasks).toBe(automatic.length);
    expect(summary.automaticTasks / objects).toBeGreaterThan(0.045);
    expect(summary.automaticTasks / objects).toBeLessThan(0.075);
    const files = dump.incidents.flatMap(({ tasks, artifacts, attachments }) => [
      ...attachments,
      ...artifacts.filter(({ file }) => file),
      ...tasks.flatMap((task) => task.attachments),
    ]);
    expect(summary.withContent).toBe(files.length);
    expect(files.length / objects).toBeGreaterThan(0.085);
    expect(files.length / objects).toBeLessThan(0.115);
  });

  it('makes every kind of thing that two orgs can trip over', () => {
    const text = JSON.stringify(dump.incidents.map(({ labels }) => labels));
    expect(text).toMatch(/🔥/u);
    expect(text).toMatch(/不審/u);
    expect(text).toMatch(/محاولة/u);
    const by = (test: (incident: DumpIncident) => boolean) => dump.incidents.filter(test).length;
    expect(by(({ ids }) => ids['plan_status'] === 'C')).toBeGreaterThan(10);
    expect(
      by(
        ({ ids, tasks }) =>
          ids['plan_status'] === 'C' && tasks.some((t) => t.ids['status'] === 'O' && t.ids['required']),
      ),
    ).toBeGreaterThan(0);
    expect(by(({ ids }) => String(ids['description']).length > 5_000)).toBeGreaterThan(0);
    expect(by(({ ids }) => ids['addr'] === '')).toBeGreaterThan(0);
    expect(by(({ labels }) => labels['owner_id'] === 'eve@example.com')).toBeGreaterThan(0);
    expect(by(({ labels }) => labels['severity_code'] === 'Critical')).toBeGreaterThan(0);
    expect(by(({ labels }) => labels['workspace'] === 'Red Team')).toBeGreaterThan(0);
    expect(by(({ ids }) => Boolean((ids['properties'] as Record<string, unknown>)['legacy_code']))).toBeGreaterThan(0);
    expect(
      by(({ labels }) => (labels['properties'] as Record<string, unknown>)['risk_level'] === 'Legacy'),
    ).toBeGreaterThan(0);
    expect(by(({ artifacts }) => artifacts.some(({ labels }) => labels['type'] === 'Legacy Token'))).toBeGreaterThan(0);
    expect(by(({ artifacts }) => artifacts.some(({ ids, file }) => file && ids['parent_id'] !== null))).toBeGreaterThan(
      0,
    );
    expect(
      by(({ notes }) => notes.some(({ children }) => children.some((child) => child.children.length))),
    ).toBeGreaterThan(0);
    expect(
      by(({ tasks }) => tasks.some(({ notes, attachments }) => notes.length && attachments.length)),
    ).toBeGreaterThan(0);
    const twins = (texts: unknown[]) => new Set(texts).size < texts.length;
    expect(by(({ notes }) => twins(notes.map(({ ids }) => ids['text'])))).toBeGreaterThan(0);
    expect(by(({ tasks }) => twins(tasks.map(({ ids }) => ids['name'])))).toBeGreaterThan(0);
    expect(by(({ rows }) => twins(rows.map(({ ids }) => JSON.stringify(ids['cells']))))).toBeGreaterThan(0);
    expect(by(({ attachments }) => twins(attachments.map(({ file }) => file.name)))).toBeGreaterThan(0);
  });

  it('is silent, as a past without the feed, and leaves the rules as they were', () => {
    expect(messages).toEqual([]);
    const org = openOrg(demoOrgs().source);
    org.setRules(false, 'note');
    seedIncidents(org, { incidents: 1 });
    expect(org.rules().filter(({ kind, enabled }) => kind === 'automatic' && !enabled)).toHaveLength(1);
  });

  it('queues messages when asked to', async () => {
    const org = openOrg(demoOrgs().source);
    const { objects } = seedIncidents(org, { incidents: 2, messages: true });
    await org.settled();
    expect(org.messages.length).toBeGreaterThanOrEqual(objects);
  });

  it('is determined by its seed', () => {
    const make = (seed: number) => {
      const org = openOrg(demoOrgs().source);
      seedIncidents(org, { incidents: 5, seed });
      return JSON.stringify(org.dump().incidents).replaceAll(/"uuid":"[^"]*"/g, '""');
    };
    const first = make(3);
    expect(make(3) === first).toBe(true);
    expect(make(4) === first).toBe(false);
  });

  it('copes with an org that refuses retired options', () => {
    const org = openOrg(demoOrgs().source, { retiredOption: 'refused' });
    expect(seedIncidents(org, { incidents: 30 }).objects).toBeGreaterThan(400);
    expect(JSON.stringify(org.dump().incidents)).not.toContain('"risk_level":"Legacy"');
  });

  it('takes any share of files, no incidents, and an org without tables', () => {
    const org = openOrg({ id: 9, name: 'Plain' });
    expect(seedIncidents(org, { incidents: 0 })).toEqual({
      incidents: 0,
      objects: 0,
      automaticTasks: 0,
      withContent: 0,
    });
    expect(seedIncidents(org, { incidents: 10, files: 0 }).withContent).toBe(0);
    expect(seedIncidents(org, { incidents: 10, files: 0.5 }).withContent).toBeGreaterThan(80);
  });
});

describe('Random', () => {
  it('picks by weight, and different elements', () => {
    const random = new Random(5);
    const picked = Array.from({ length: 1_000 }, () => random.weighted({ often: 9, rarely: 1, never: 0 }));
    expect(picked.filter((name) => name === 'never')).toEqual([]);
    expect(picked.filter((name) => name === 'rarely').length).toBeGreaterThan(50);
    expect(picked.filter((name) => name === 'rarely').length).toBeLessThan(200);
    for (let count = 0; count < 200; count += 1) {
      const some = random.some([1, 2, 3, 4], 3);
      expect(new Set(some).size).toBe(some.length);
      expect(some.length).toBeLessThanOrEqual(3);
    }
  });
});
