import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Finding } from '@soar-feed/core';
import type { OrgOptions, Simulator } from '@soar-feed/soar-simulator';
import { startAcme } from './helpers/acme.js';
import { FIELDS, OF_SOURCE, OTHERS, SOURCE, TARGET } from './helpers/incompatible.js';
import type { Seed } from './helpers/incompatible.js';
import { appConfig, Site } from './helpers/Site.js';
import { soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(120_000);

interface Report {
  readonly ok: boolean;
  readonly source: { readonly findings: readonly Finding[] };
  readonly feeds: readonly { readonly name: string; readonly findings: readonly Finding[] | null }[];
}

const text = ({ area, subject, problem, consequence, fix, names = [] }: Finding): string =>
  [`${area} ${subject}`, problem, consequence, fix, ...names].join(' ');

describe('doctor', () => {
  let simulator: Simulator;
  let site: Site;
  afterEach(async () => {
    await simulator.stop();
    site.remove();
  });

  async function start(orgs: OrgOptions[], more: Readonly<Record<string, string>> = {}): Promise<void> {
    simulator = await startAcme({ orgs });
    site = new Site();
    const mirror = {
      class: 'ResilientFeed',
      host: simulator.host,
      port: String(simulator.restPort),
      org: 'Mirror',
      api_key_id: 'key-301',
      api_key_secret: 'secret-301',
      cafile: simulator.caFile,
      sqlite_sync_file: 'sync.db',
      ...more,
    };
    site.makeFolder('files');
    const files = { class: 'FileFeed', directory: 'files' };
    site.write('app.config', appConfig(simulator, { feeds: { feed_names: 'mirror, files' }, mirror, files }));
    simulator.requests.reset();
  }

  async function doctor(...args: readonly string[]): Promise<Report & { readonly code: number | null }> {
    const { code, stdout, stderr } = await soarFeed(['doctor', '--json', ...args], { cwd: site.folder });
    if (!stdout.startsWith('{')) throw new Error(stderr);
    return { code, ...(JSON.parse(stdout) as Report) };
  }
  const ofMirror = ({ feeds }: Report): readonly Finding[] =>
    feeds.find(({ name }) => name === 'mirror')?.findings ?? [];

  it('finds every seeded incompatibility without a write, and exports what an import can add', async () => {
    const filter = 'severity_cod = "High"';
    await start([SOURCE, TARGET], {
      delete_incidents: 'true',
      matching_incident_fields: filter,
      exclude_incident_fields: 'no_such_field',
    });
    const first = await doctor('--export', 'lacks.res');
    expect(first).toMatchObject({ code: 63, ok: false });
    expect(simulator.requests.writes).toBe(0);
    expect(site.has('sync.db')).toBe(false);
    const found = ofMirror(first);
    const missed = (seeds: readonly Seed[], findings: readonly Finding[]): readonly string[] =>
      seeds
        .filter(
          ({ gravity, says }) =>
            !findings.some((each) => each.gravity === gravity && says.every((words) => text(each).includes(words))),
        )
        .map(({ gravity, says }) => `${gravity}: ${says.join(' … ')}`);
    expect(FIELDS.length + OTHERS.length).toBeGreaterThanOrEqual(40);
    expect(missed([...FIELDS, ...OTHERS], found)).toEqual([]);
    expect(missed(OF_SOURCE, first.source.findings)).toEqual([]);
    // Ranked, and none that was not seeded.
    const gravities = ['blocks', 'loses', 'changes', 'note'];
    const ranks = found.map(({ gravity }) => gravities.indexOf(gravity));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    const seeds = [...FIELDS, ...OTHERS];
    const stray = found.filter((each) => !seeds.some(({ says }) => says.every((words) => text(each).includes(words))));
    expect(stray.map(text)).toEqual([]);
    expect(first.feeds.find(({ name }) => name === 'files')?.findings).toBeNull();

    const applied = await soarFeed(['customize', '--target', 'mirror', '--import', 'lacks.res', '--yes'], {
      cwd: site.folder,
    });
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    const after = ofMirror(await doctor());
    const gone = [
      ...['incident.absent', 'incident.gone_choice', 'data table only_here', 'column hosts.absent_column'],
      ...['Insider Threat', 'Forensics', 'Badge ID', 'Mutex', 'Critical', 'Third', 'Old', 'Re-imaged', 'Duplicate'],
    ];
    expect(gone.filter((words) => !found.some((each) => text(each).includes(words)))).toEqual([]);
    expect(gone.filter((words) => after.some((each) => text(each).includes(words)))).toEqual([]);
  });

  it('says of what may not be read, and of lower limits', async () => {
    await start([
      { id: 201, name: 'Acme' },
      { id: 301, name: 'Mirror', feedPackage: false },
    ]);
    const { id } = simulator.org(201).createIncident({ name: 'One', discovered_date: 1 });
    simulator.requests.reset();
    simulator.faults.add({ method: 'GET', path: `/incidents/${id}/comments`, status: 403 });
    simulator.faults.add({ method: 'GET', path: '/groups', status: 403 });
    const report = await doctor();
    expect(report.source.findings.map(text).join('\n')).toContain('permission reading notes');
    expect(ofMirror(report).map(text).join('\n')).toContain('permission reading groups');
    expect(simulator.requests.writes).toBe(0);
  });

  it('has nothing to say of two organizations that fit', async () => {
    await start([
      { id: 201, name: 'Acme' },
      { id: 301, name: 'Mirror' },
    ]);
    await soarFeed(['customize', '--target', 'mirror', '--yes'], { cwd: site.folder });
    const ended = await soarFeed(['doctor', '--feed', 'mirror', '--export', 'x.res'], { cwd: site.folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('Nothing to export');
    expect(ended.stdout).toMatch(/Feed mirror \(resilient\)\n\nNothing stands in the way\.\n/);
    expect(ended.stdout).toMatch(/Source and targets fit\.\n$/);
  });

  it.each([
    [['--feed', 'mirorr'], 3, '[mirorr] is no feed of this file'],
    [['--export', 'no/folder/x.res'], 2, '--export: no/folder/x.res cannot be written (ENOENT)'],
  ])('refuses %j', async (args, code, words) => {
    await start([SOURCE, { id: 301, name: 'Mirror', feedPackage: false }]);
    const ended = await soarFeed(['doctor', ...args], { cwd: site.folder });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(words);
  });
});
