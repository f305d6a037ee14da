import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConfigurationDto } from '@soar-feed/soar-client';
import { likeliest } from '@soar-feed/soar-simulator';
import type { OrgOptions, Simulator } from '@soar-feed/soar-simulator';
import type { PlanItem } from '@soar-feed/core/runtime';
import { startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(60_000);

const TABLES = {
  tables: [
    { name: 'hosts', label: 'Hosts', columns: [{ name: 'ip', inputType: 'text' as const }] },
    { name: 'my_note', label: 'Note', columns: [{ name: 'text', inputType: 'text' as const }] },
  ],
};
const ACME: OrgOptions = { id: 201, name: 'Acme', feedPackage: false, schema: TABLES };
const MIRROR: OrgOptions = { id: 301, name: 'Mirror', feedPackage: false };

interface Report {
  readonly applied: boolean;
  readonly items: readonly PlanItem[];
  readonly failed: readonly PlanItem[];
}

describe('customize', () => {
  let simulator: Simulator;
  let site: Site;
  afterEach(async () => {
    await simulator.stop();
    site.remove();
  });
  beforeEach(() => start());

  async function start(org: OrgOptions = ACME): Promise<void> {
    simulator = await startAcme({ orgs: [org, MIRROR] });
    site = new Site();
    site.makeFolder('files');
    const mirror = {
      class: 'ResilientFeed',
      host: simulator.host,
      port: String(simulator.restPort),
      org: 'Mirror',
      api_key_id: 'key-301',
      api_key_secret: 'secret-301',
      cafile: simulator.caFile,
      sqlite_sync_file: 'sync.db',
    };
    site.write(
      'app.config',
      appConfig(simulator, {
        feeds: { feed_names: 'files, mirror' },
        files: { class: 'FileFeed', directory: 'files' },
        mirror,
      }),
    );
  }

  async function restart(org: OrgOptions): Promise<void> {
    await simulator.stop();
    site.remove();
    await start(org);
  }

  const run = (...args: readonly string[]) => soarFeed(['customize', ...args], { cwd: site.folder });
  async function report(...args: readonly string[]): Promise<Report & { readonly code: number | null }> {
    const { code, stdout, stderr } = await run('--json', ...args);
    if (!stdout.startsWith('{')) throw new Error(stderr);
    return { code, ...(JSON.parse(stdout) as Report) };
  }
  const states = (items: readonly PlanItem[]) => [...new Set(items.map(({ state }) => state))];
  const rules = () =>
    simulator
      .org(201)
      .rules()
      .map(({ name, objectType }) => `${objectType}: ${name}`);

  it('makes what a fresh organization lacks, and then its changes arrive', async () => {
    const first = await run('--yes');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Acme \(id 201\) on /);
    expect(first.stdout).toMatch(/^make +rule +Data Feeder: Hosts$/m);
    expect(first.stdout).toMatch(/^make +reader +key-201 +API key key-201 may read feed_data$/m);
    expect(first.stdout).toMatch(/^Done: 15 of 15\.$/m);
    expect(rules()).toEqual([
      'artifact: Data Feeder: Artifact',
      'attachment: Data Feeder: Attachment',
      'incident: Data Feeder: Incident',
      'milestone: Data Feeder: Milestone',
      'note: Data Feeder: Note',
      'task: Data Feeder: Task',
      'hosts: Data Feeder: Hosts',
      'my_note: Data Feeder: Note (my_note)',
    ]);
    const checked = await soarFeed(['check'], { cwd: site.folder });
    expect(checked.stdout).toMatch(/^ok {4}destination +feed_data, and key-201 may read it$/m);
    const host = new SoarFeed(['run'], { cwd: site.folder });
    await host.event('host.ready');
    const org = simulator.org(201);
    const { id } = org.createIncident({ name: 'After customize', discovered_date: 1 });
    org.addRow(id, 'hosts', { ip: '10.0.0.1' });
    org.addRow(id, 'my_note', { text: 'a row' });
    await until(
      () => site.files('files').filter((file) => /hosts|my_note/.test(file)).length === 2,
      'the rows are files',
    );
    const invocation = org.invokeFunction('data_feeder_sync_incidents', {
      df_min_incident_id: id,
      df_query_api_method: false,
    });
    expect(await invocation.done).toMatchObject({
      status: 'completed',
      results: { content: { num_of_sync_incidents: 1 } },
    });
    host.signal('SIGTERM');
    expect((await host.ended).code).toBe(0);
  });

  it('does nothing a second time, and asks for a yes where it cannot ask', async () => {
    const unasked = await run();
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('--yes');
    const dry = await report();
    expect(dry).toMatchObject({ code: 0, applied: false });
    expect(simulator.requests.writes).toBe(0);
    expect(states(dry.items)).toEqual(['create']);
    expect(await report('--yes')).toMatchObject({ code: 0, applied: true, failed: [] });
    const { writes } = simulator.requests;
    const again = await report('--yes');
    expect(again).toMatchObject({ code: 0, applied: false });
    expect(states(again.items)).toEqual(['present']);
    expect(simulator.requests.writes).toBe(writes);
  });

  it("leaves alone what IBM's package installed, and adds the rules of tables", async () => {
    await restart({ ...ACME, feedPackage: true, schema: { tables: TABLES.tables.slice(0, 1) } });
    // A simulated organization with the package has the rules of its tables, too.
    const org = simulator.org(201);
    const before = org.rules();
    const { items } = await report('--yes');
    expect(items.filter(({ state }) => state === 'create').map(({ kind }) => kind)).toEqual(['playbook']);
    expect(items.filter(({ owner }) => owner === 'ibm').map(({ kind }) => kind)).toContain('function');
    expect(org.rules()).toEqual(before);
    const undone = await report('--undo', '--yes');
    expect(undone.items).toMatchObject([{ kind: 'playbook', state: 'remove' }]);
    expect(org.rules()).toEqual(before);
  });

  it('says what a person has switched off, and does not switch it on', async () => {
    await run('--yes');
    simulator.org(201).setRules(false, 'note');
    const { code, items } = await report('--yes');
    expect(code).toBe(62);
    expect(items.filter(({ state }) => state === 'differs')).toEqual([
      { kind: 'rule', name: 'Data Feeder: Note', owner: 'soar-feed', state: 'differs', detail: 'is disabled' },
    ]);
    const undone = await report('--undo', '--yes');
    expect(undone).toMatchObject({ code: 0, failed: [] });
    expect(
      undone.items.filter(({ state }) => state === 'keep').map(({ name, detail }) => `${name}: ${detail}`),
    ).toEqual(['Data Feeder: Note: was changed by hand', 'feed_data: is used by Data Feeder: Note']);
    expect(rules()).toEqual(['note: Data Feeder: Note']);
  });

  it('undoes all of it, and nothing else', async () => {
    const empty = simulator.dump(201).schema;
    await run('--yes');
    expect(simulator.dump(201).schema.types).toEqual(empty.types);
    expect((await report('--undo', '--yes')).failed).toEqual([]);
    expect(rules()).toEqual([]);
    const { items } = await report();
    expect(states(items)).toEqual(['create']);
    expect(await run('--undo', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to remove.'),
    });
  });

  it('prints the import, which can be imported as a file', async () => {
    const { code, stdout } = await run('--print');
    expect(code).toBe(0);
    const configuration = JSON.parse(stdout) as ConfigurationDto;
    expect(configuration.actions).toHaveLength(8);
    expect(configuration.playbooks).toHaveLength(1);
    expect(simulator.requests.writes).toBe(0);
    site.write('feed.res', stdout);
    expect(await report('--import', 'feed.res', '--yes')).toMatchObject({ code: 0, applied: true });
    const { items } = await report();
    expect(items.filter(({ state }) => state !== 'present')).toMatchObject([{ kind: 'reader' }]);
  });

  it('makes the reference fields of a replica', async () => {
    expect((await run('--target', 'mirror', '--yes')).stdout).toMatch(/^Done: 4 of 4\.$/m);
    const { fields } = simulator.dump(301).schema.types['incident'] ?? { fields: {} };
    expect(fields).toMatchObject({
      df_org_id: { inputType: 'number' },
      df_inc_id: { inputType: 'number' },
      df_host: { inputType: 'text' },
      df_create_date: { inputType: 'datetimepicker' },
    });
    expect(await report('--target', 'mirror', '--undo', '--yes')).toMatchObject({ code: 0, failed: [] });
    expect(Object.keys(simulator.dump(301).schema.types['incident']?.fields ?? {})).not.toContain('df_host');
  });

  it.each([
    ['files', 'has a target that is no SOAR organization'],
    ['mirorr', 'is no feed of this file; its feeds are: files, mirror'],
  ])('refuses the feed %s', async (feed, problem) => {
    const { code, stderr } = await run('--target', feed);
    expect(code).toBe(3);
    expect(stderr).toContain(`[${feed}] ${problem}`);
  });

  it.each([
    ['refused', 'cannot be imported'],
    ['failed', 'its status is FAILED'],
  ] as const)('reports an import that is %s', async (imports, words) => {
    simulator.behaviour = { ...likeliest, imports };
    const { code, stderr } = await run('--yes');
    expect(code).toBe(62);
    expect(stderr).toMatch(/Acme \(201\) did not take the import: .*\[import-refused\]/);
    expect(stderr).toContain(words);
  });

  it('takes an import that needs no confirmation, and says what cannot be removed', async () => {
    simulator.behaviour = { ...likeliest, imports: 'at-once', customizationDeletes: 'refused' };
    expect(await report('--yes')).toMatchObject({ code: 0, applied: true });
    const { code, failed } = await report('--undo', '--yes');
    expect(code).toBe(62);
    expect(failed).toHaveLength(14);
    expect(failed[0]).toMatchObject({ kind: 'playbook', state: 'keep', detail: expect.stringContaining('405') });
  });
});
