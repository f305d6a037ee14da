import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readJson } from '@soar-feed/soar-simulator';
import type { HeardWrite, Simulator } from '@soar-feed/soar-simulator';
import type { Plan } from '@soar-feed/core/runtime';
import { matchWrites } from './helpers/matchWrites.js';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(240_000);

/** Every plan is compared with what the simulator receives in the reload that follows it. */
describe('soar-feed plan', () => {
  let simulator: Simulator;
  let site: Site;
  const heard: HeardWrite[] = [];
  const made: Record<string, number> = {};
  /** Of incidents, in the order of their ids. */
  const ids: number[] = [];

  beforeAll(async () => {
    const users = [
      { email: 'admin@example.com' },
      { email: 'ann@example.com', fname: 'Ann', lname: 'Lee' },
      { email: 'bob@example.com', fname: 'Bob', lname: 'Ray' },
    ];
    const schema = {
      incidentFields: [
        { name: 'cost', inputType: 'number' as const },
        { name: 'story', inputType: 'textarea' as const },
      ],
      tables: [
        {
          ...{ name: 'hosts', label: 'Hosts' },
          columns: [
            { name: 'host', inputType: 'text' as const },
            { name: 'seen', inputType: 'datepicker' as const },
          ],
        },
      ],
    };
    simulator = await startPair({
      orgs: [
        { id: 201, name: 'Acme', users, schema, incidentDeletionAllowed: true },
        { id: 301, name: 'Mirror', users, schema, feedQueue: false, incidentDeletionAllowed: true },
      ],
      onWrite: (write) => heard.push(write),
    });
    site = new Site();
    // One lane, so that the reload sends in the order of the plan.
    site.write('app.config', mirrorConfig(simulator, { concurrency: '1' }, { lines: LINES, feeds: FEEDS }));
    site.addPackage('soar-feed-lines', { types: ['lines'] });
    fill();
  });
  afterAll(async () => {
    site.remove();
    await simulator.stop();
  });

  const LINES = { class: 'lines', out: 'lines.txt' };
  const FEEDS = { feed_names: 'mirror, lines', target_packages: 'soar-feed-lines' };
  const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder, deadlineMs: 120_000 });
  const toMirror = () => heard.filter(({ org, path }) => org === 301 && !/\/(query_paged|session)$/.test(path));
  const planned = async (...args: readonly string[]): Promise<Plan> => {
    const { code, stdout, stderr } = await command('plan', ...args, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return readJson(stdout) as Plan;
  };
  const requestsOf = ({ feeds }: Plan) =>
    (feeds.find(({ name }) => name === 'mirror')?.incidents ?? []).flatMap(({ steps }) =>
      steps.flatMap(({ requests }) => requests),
    );
  const endings = ({ feeds }: Plan) => {
    const steps = (feeds[0]?.incidents ?? []).flatMap((incident) => incident.steps);
    return steps.map(({ key: { type }, outcome }) => `${type} ${outcome}`);
  };
  /** Plans, checks that nothing was written anywhere, reloads, and compares. */
  const planAndReload = async (id: number, ...more: readonly string[]): Promise<Plan> => {
    const writes = heard.filter(({ path }) => !/\/(query_paged|session|search_ex|query)$/.test(path)).length;
    const files = site.files('.');
    const plan = await planned(String(id), ...more);
    expect(heard.filter(({ path }) => !/\/(query_paged|session|search_ex|query)$/.test(path))).toHaveLength(writes);
    expect(site.files('.')).toEqual(files);
    heard.length = 0;
    const reload = await command('reload', '--min', String(id), '--max', String(id), '--json', ...more);
    expect([reload.code, reload.stdout]).toEqual([0, expect.any(String)]);
    const both = matchWrites(requestsOf(plan), toMirror());
    expect(both.planned).toEqual(both.heard);
    return plan;
  };

  function fill(): void {
    const org = simulator.org(201);
    org.setRules(false);
    const members = org
      .users()
      .filter(({ email }) => email.startsWith('a'))
      .map(({ id }) => id);
    const first = org.createIncident({
      name: 'Phish "one"',
      discovered_date: 1_700_000_000_000,
      description: { format: 'html', content: '<p>It <b>began</b></p>' },
      properties: { cost: 12, story: { format: 'text', content: 'Long' } },
      members,
    });
    ids.push(first.id);
    const note = org.addNote({ incidentId: first.id }, 'A note');
    made['note'] = note.id;
    made['reply'] = org.reply(note.id, 'An answer').id;
    made['gone'] = org.addNote({ incidentId: first.id }, 'To be deleted').id;
    made['task'] = org.createTask(first.id, { name: 'Look', members, required: true }).id;
    org.addNote({ taskId: made['task'] }, 'A note of the task');
    org.addAttachment({ taskId: made['task'] }, { name: 'task.txt', content: Buffer.from('of the task') });
    made['artifact'] =
      org.addArtifact(first.id, { type: 'IP Address', value: '10.1.2.3', description: 'seen' })[0]?.id ?? 0;
    org.addFileArtifact(
      first.id,
      { type: 'Malware Sample', value: 'x', description: 'A sample' },
      {
        name: 'bad.exe',
        content: Buffer.from('MZ'),
      },
    );
    made['attachment'] = org.addAttachment(
      { incidentId: first.id },
      { name: 'a "b".txt', content: Buffer.from('hello') },
    ).id;
    made['row'] = org.addRow(first.id, 'hosts', { host: 'alpha', seen: 1_700_000_000_000 }).id;
    org.addMilestone(first.id, { title: 'Contained', description: '', date: 1_700_000_000_000 });
    const second = org.createIncident({ name: 'Closed', discovered_date: 1_700_000_000_000 });
    ids.push(second.id);
    org.addNote({ incidentId: second.id }, 'Before it was closed');
    org.closeIncident(second.id);
    org.setRules(true);
  }

  it('shows all that a first reload makes, and equals it', async () => {
    const plan = await planAndReload(ids[0] ?? 0);
    const kinds = requestsOf(plan).map(({ method, path }) => `${method} ${path.replace(/^\/rest\/orgs\/301/, '')}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'POST /incidents',
        'POST /incidents/@1/comments',
        'POST /incidents/@1/tasks',
        'POST /incidents/@1/artifacts/files',
        'POST /incidents/@1/attachments',
        'POST /incidents/@1/table_data/hosts/row_data',
        'POST /incidents/@1/milestones',
      ]),
    );
    expect(kinds).toContainEqual(expect.stringMatching(/^POST \/tasks\/@\d+\/attachments$/));
    const [create] = requestsOf(plan);
    expect(create).toMatchObject({
      makes: '@1',
      // The plain artifact travels with its incident.
      body: { artifacts: [expect.objectContaining({ value: expect.any(String) })] },
      fields: expect.arrayContaining([{ name: 'properties.cost', value: 12 }]),
    });
    expect(plan.feeds.map(({ name, shows }) => [name, shows])).toEqual([
      ['mirror', 'requests'],
      ['lines', 'events'],
    ]);
    expect(plan.feeds[1]?.incidents[0]?.steps.map(({ outcome }) => outcome)).toContain('handed-over');
    expect(endings(plan).every((one) => one.endsWith(' created'))).toBe(true);
  });

  it('closes a closed incident last', async () => {
    const plan = await planAndReload(ids[1] ?? 0);
    expect(endings(plan)).toEqual(['incident created', 'note created', 'incident updated']);
  });

  it('has nothing to send where nothing changed', async () => {
    const plan = await planAndReload(ids[0] ?? 0);
    expect(requestsOf(plan)).toEqual([]);
    expect(new Set(endings(plan).map((one) => one.split(' ')[1]))).toEqual(new Set(['unchanged']));
  });

  it('shows changes field by field with what stands there, and deletes', async () => {
    const org = simulator.org(201);
    const [id = 0] = ids;
    org.setRules(false);
    const bob = org.users().find(({ email }) => email === 'bob@example.com')?.id ?? 0;
    org.updateIncident(id, { name: 'Phish two', properties: { cost: 13 }, members: [bob] });
    org.editNote(made['note'] ?? 0, 'A note, edited');
    org.updateTask(made['task'] ?? 0, { name: 'Look again', members: [bob], status: 'C' });
    org.updateArtifact(made['artifact'] ?? 0, { description: 'seen twice' });
    org.updateRow(made['row'] ?? 0, { host: 'beta' });
    org.deleteNote(made['gone'] ?? 0);
    org.deleteAttachment(made['attachment'] ?? 0);
    org.addNote({ incidentId: id }, 'One more');
    org.setRules(true);
    const plan = await planAndReload(id, '--allow-deletes', '10', '--method', 'query');
    const changed = requestsOf(plan).flatMap(({ fields }) => fields);
    expect(changed).toEqual(
      expect.arrayContaining([
        { name: 'name', before: 'Phish "one"', value: 'Phish two' },
        { name: 'cost', before: 12, value: 13 },
        expect.objectContaining({ name: 'members' }),
        expect.objectContaining({ name: 'host', before: 'alpha', value: 'beta' }),
      ]),
    );
    expect(endings(plan)).toEqual(expect.arrayContaining(['note deleted', 'attachment deleted', 'note created']));
    expect(requestsOf(plan).map(({ method }) => method)).toEqual(
      expect.arrayContaining(['PATCH', 'PUT', 'DELETE', 'POST']),
    );
  });

  it('reads well, works beside a running host, and knows what it was not asked for', async () => {
    const org = simulator.org(201);
    const [id = 0] = ids;
    const host = new SoarFeed(['run'], { cwd: site.folder, deadlineMs: 120_000 });
    try {
      await host.event('host.ready');
      org.setRules(false);
      org.updateIncident(id, { name: 'evil \u001b[31m title\u202e' });
      org.setRules(true);
      const { code, stdout, stderr } = await command('plan', String(id), '--feed', 'mirror');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Feed mirror \(resilient\): 1 request; 1 updated, \d+ unchanged$/m);
      expect(stdout).toContain('      name: "Phish two" -> "evil \\u001b[31m title\\u202e"\n');
      expect(await command('plan', '9999999')).toMatchObject({
        code: 53,
        stdout: expect.stringContaining('Incident 9999999 is neither in the source nor known to a feed'),
      });
      expect(await command('plan', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('such as 2100') });
      expect(await command('plan', '5-2')).toMatchObject({ code: 2, stderr: expect.stringContaining('write 2-5') });
      expect(await command('plan', '1', '--feed', 'miror')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('did you mean mirror?'),
      });
    } finally {
      host.signal('SIGTERM');
      await host.ended;
    }
  });
});
