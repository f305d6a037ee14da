import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Drift, Repair, VerifyReport } from '@soar-feed/core/runtime';
import type { Simulator } from '@soar-feed/soar-simulator';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(240_000);

const INCIDENTS = 12;

interface Fed {
  readonly incident: number;
  readonly note: number;
  readonly reply: number;
  readonly task: number;
  readonly taskNote: number;
  readonly artifact: number;
  readonly attachment: number;
  readonly milestone: number;
  readonly row: number;
}

/** A host runs all the time, and nothing but a repair writes. */
describe('verify and repair beside a running host', () => {
  let simulator: Simulator;
  let site: Site;
  let host: SoarFeed;
  let fed: readonly Fed[] = [];
  /** Ids in the target, by type and id of the source. */
  const there = new Map<string, number>();

  beforeAll(async () => {
    simulator = await startPair();
    site = new Site();
    simulator.org(201).setRules(false);
    fed = Array.from({ length: INCIDENTS }, (_, at) => fill(at));
    const filtered = simulator.org(201).createIncident({ name: 'kept out', discovered_date: 1_700_000_000_000 });
    simulator.org(201).addNote({ incidentId: filtered.id }, 'kept out, too');
    site.write(
      'app.config',
      mirrorConfig(simulator, { matching_incident_fields: 'name != "kept out"', delete_incidents: 'true' }),
    );
    expect((await command('reload', '--json')).code).toBe(0);
    host = new SoarFeed(['run'], { cwd: site.folder, deadlineMs: 300_000 });
    await host.event('host.ready');
    const { records } = JSON.parse((await command('map', '--json')).stdout) as {
      records: { key: { type: string; objectId: number }; ref?: string }[];
    };
    for (const { key, ref } of records) if (ref !== undefined) there.set(`${key.type} ${key.objectId}`, Number(ref));
  });
  afterAll(async () => {
    host.signal('SIGTERM');
    await host.ended;
    site.remove();
    await simulator.stop();
  });

  const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder, deadlineMs: 120_000 });
  const verified = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await command('verify', '--json', ...args);
    expect(stderr).toBe('');
    return { code, report: JSON.parse(stdout) as VerifyReport };
  };
  const at = (type: string, id: number) => there.get(`${type} ${id}`) ?? 0;
  const writesTo = (org: number) => simulator.requests.org(org).writes;
  const namesOf = (drift: readonly Drift[]) =>
    drift.map(({ key, cause, fields }) => [key.type, key.objectId, cause, ...(fields ?? []).map(({ name }) => name)]);
  const sorted = (names: readonly (readonly unknown[])[]) => names.map((name) => JSON.stringify(name)).sort();

  function fill(number: number): Fed {
    const org = simulator.org(201);
    const { id: incident } = org.createIncident({ name: `Incident ${number}`, discovered_date: 1_700_000_000_000 });
    const note = org.addNote({ incidentId: incident }, `Note ${number}`).id;
    const task = org.createTask(incident, { name: `Task ${number}` }).id;
    const file = { name: `file-${number}.txt`, content: Buffer.from(`content ${number}`) };
    const fed = {
      ...{ incident, note, task },
      reply: org.reply(note, `Reply ${number}`).id,
      taskNote: org.addNote({ taskId: task }, `Task note ${number}`).id,
      artifact: org.addArtifact(incident, { type: 'IP Address', value: `10.0.0.${number}` })[0]?.id ?? 0,
      attachment: org.addAttachment({ incidentId: incident }, file).id,
      milestone: org.addMilestone(incident, { title: `Milestone ${number}`, date: 1_700_000_000_000 }).id,
      row: org.addRow(incident, 'hosts', { host: `host-${number}` }).id,
    };
    if (number % 3 === 0) org.closeIncident(incident);
    return fed;
  }

  it('finds a fresh replica equal, with few requests and no write', async () => {
    const before = [201, 301].map((org) => ({ ...simulator.requests.org(org) }));
    const { code, report } = await verified();
    expect([report.drift, report.faults, code]).toEqual([[], [], 0]);
    expect(report).toMatchObject({ complete: true, incidents: INCIDENTS + 1, feeds: { mirror: { leftOut: 2 } } });
    expect(Object.keys(report.feeds['mirror']?.reasons ?? {}).join()).toContain('name != "kept out"');
    expect(report.objects).toBeGreaterThanOrEqual(INCIDENTS * 9);
    for (const [place, org] of [201, 301].entries()) {
      const now = simulator.requests.org(org);
      expect(now.writes).toBe(before[place]?.writes);
      expect(now.total - (before[place]?.total ?? 0)).toBeLessThanOrEqual(report.objects * 1.1);
    }
    expect((await command('repair', '--plan')).stdout).toBe('There is nothing to repair.\n');
  });

  it('finds every change on either side, and nothing else; a repair writes just that', async () => {
    const org = simulator.org(201);
    const mirror = simulator.org(301);
    const [a, b, c, d, e, f] = fed as readonly [Fed, Fed, Fed, Fed, Fed, Fed];
    // At the source, unheard.
    org.editNote(a.note, 'Edited unheard');
    org.updateIncident(b.incident, { description: 'Unheard' });
    const unheard = org.addNote({ incidentId: b.incident }, 'New and unheard').id;
    org.deleteMilestone(c.milestone);
    org.updateRow(c.row, { host: 'other' });
    org.deleteNote(c.taskNote);
    org.deleteIncident(f.incident);
    // In the target.
    mirror.updateIncident(at('incident', a.incident), { name: 'Renamed there' });
    mirror.editNote(at('note', d.reply), 'Edited there');
    mirror.deleteArtifact(at('artifact', d.artifact));
    mirror.deleteAttachment(at('attachment', d.attachment));
    mirror.updateTask(at('task', e.task), { name: 'Renamed there' });
    mirror.deleteRow(at('hosts', e.row));
    // What people add there is not ours.
    mirror.addNote({ incidentId: at('incident', e.incident) }, 'Only there');

    const { code, report } = await verified();
    const expected = [
      ['note', a.note, 'differs', 'text'],
      ['incident', b.incident, 'differs', 'description'],
      ['note', unheard, 'missing'],
      ['milestone', c.milestone, 'extra'],
      ['hosts', c.row, 'differs', 'host'],
      ['note', c.taskNote, 'extra'],
      ['incident', f.incident, 'extra'],
      ['incident', a.incident, 'differs', 'name'],
      ['note', d.reply, 'differs', 'text'],
      ['artifact', d.artifact, 'missing'],
      ['attachment', d.attachment, 'missing'],
      ['task', e.task, 'differs', 'name'],
      ['hosts', e.row, 'missing'],
    ];
    expect(sorted(namesOf(report.drift))).toEqual(sorted(expected));
    expect(code).toBe(54);
    expect(JSON.stringify(report)).not.toMatch(/unheard|Renamed there|Edited there/i);
    const text = await command('verify', '--incident', String(a.incident));
    expect(text.code).toBe(54);
    expect(text.stdout).toMatch(/^note \d+ of incident \d+ \(note \d+ there\) differs in text$/m);
    // The last verification counts for a repair: the whole one again.
    await verified();

    const plan = JSON.parse((await command('repair', '--plan', '--json')).stdout) as { repairs: Repair[] };
    expect(plan.repairs.map(({ incidentId }) => incidentId).sort((x, y) => x - y)).toEqual(
      [a, b, c, d, e].map(({ incident }) => incident).sort((x, y) => x - y),
    );
    const writes = writesTo(301);
    const first = await command('repair', '--json');
    expect(first.code).toBe(54);
    const { left } = JSON.parse(first.stdout) as { left: Drift[] };
    expect(sorted(namesOf(left).map(([type, id]) => [type, id]))).toEqual(
      sorted([
        ['milestone', c.milestone],
        ['note', c.taskNote],
        ['incident', f.incident],
      ]),
    );
    expect(writesTo(301) - writes).toBe(10);
    expect(writesTo(201)).toBe(0);

    const second = await command('repair', '--deletes');
    expect([second.code, second.stdout]).toEqual([0, expect.stringMatching(/compared again: equal\.$/m)]);
    expect(writesTo(301) - writes).toBe(13);
    expect((await verified()).report.drift).toEqual([]);
    expect(mirror.note(at('note', a.note)).text).toBe('Edited unheard');
    expect(mirror.incident(at('incident', a.incident)).name).toBe('Incident 0');
  });

  it('compares the same sample every time', async () => {
    const some = (await verified('--sample', '40')).report;
    expect(some.incidents).toBeGreaterThan(0);
    expect(some.incidents).toBeLessThan(INCIDENTS);
    expect((await verified('--sample', '40')).report.incidents).toBe(some.incidents);
    expect((await command('verify', '--sample', '0')).code).toBe(2);
    expect((await command('verify', '--min', '5', '--max', '4')).code).toBe(2);
  });

  it('goes on where it was interrupted', async () => {
    const whole = (await verified()).report;
    site.write('app.config', site.read('app.config').replace('[feeds]', '[feeds]\nreload_page_size=2'));
    const args = ['--method', 'query', '--concurrency', '1'];
    const file = () => (site.has('app.config.verify.json') ? JSON.parse(site.read('app.config.verify.json')) : {});
    simulator.latencyMs = 40;
    const cut = new SoarFeed(['verify', ...args], { cwd: site.folder, deadlineMs: 120_000 });
    await until(() => (file() as { report?: VerifyReport }).report?.complete === false, 'some progress', 60_000);
    cut.signal('SIGINT');
    expect((await cut.ended).code).toBe(55);
    simulator.latencyMs = 0;
    const before = simulator.requests.org(201).total;
    const rest = await command('verify', '--json', ...args);
    expect([rest.code, rest.stderr]).toEqual([0, expect.stringMatching(/^Goes on above incident \d+\.$/m)]);
    const report = JSON.parse(rest.stdout) as VerifyReport;
    expect(report).toMatchObject({ complete: true, incidents: whole.incidents, objects: whole.objects });
    expect(simulator.requests.org(201).total).toBeGreaterThan(before);
  });
});

it('says which feeds cannot be verified, and that there is nothing to repair', async () => {
  const simulator = await startPair();
  const site = new Site();
  try {
    site.write('app.config', mirrorConfig(simulator, { class: 'file', directory: 'out' }));
    const files = await soarFeed(['verify'], { cwd: site.folder });
    expect(files).toMatchObject({ code: 2, stderr: expect.stringContaining('mirror (class=file) cannot compare') });
    const repair = await soarFeed(['repair'], { cwd: site.folder });
    expect(repair).toMatchObject({ code: 2, stderr: expect.stringContaining('run "soar-feed verify" first') });
  } finally {
    site.remove();
    await simulator.stop();
  }
});
