import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { BacktestReport } from '@soar-feed/core/runtime';
import type { IncidentDto, Simulator } from '@soar-feed/soar-simulator';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import { soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(240_000);

const DAY_MS = 24 * 3_600_000;
const CURRENT = 'severity_code in [High, Medium]';

describe('soar-feed backtest', () => {
  let simulator: Simulator;
  let site: Site;
  let incidents: readonly IncidentDto[];

  beforeAll(async () => {
    simulator = await startPair({ now: () => Date.now() - 200 * DAY_MS });
    site = new Site();
    site.write('app.config', mirrorConfig(simulator, { matching_incident_fields: CURRENT }));
    const org = simulator.org(201);
    org.setRules(false);
    const make = (at: number): void => {
      const severity = ['Low', 'Medium', 'High'][at % 3] ?? '';
      org.createIncident({
        name: at % 4 === 0 ? `Phish "${at}"\n=1+1` : `Other ${at}`,
        discovered_date: 1_700_000_000_000,
        severity_code: org.labels.id('incident', 'severity_code', severity),
      });
    };
    // More than a page of old ones, and of new ones.
    for (let at = 0; at < 130; at += 1) make(at);
    org.clockOffsetMs = 200 * DAY_MS;
    for (let at = 0; at < 130; at += 1) make(at);
    org.setRules(true);
    incidents = org.incidents();
    simulator.requests.reset();
  });
  afterAll(async () => {
    site.remove();
    await simulator.stop();
  });

  const command = (...args: readonly string[]) =>
    soarFeed(['backtest', ...args], { cwd: site.folder, deadlineMs: 120_000 });
  const severity = ({ severity_code: id }: IncidentDto): string =>
    simulator.org(201).labels.label('incident', 'severity_code', id ?? 0) ?? '';
  const ids = (change: '+' | '-', { changes }: BacktestReport) =>
    changes.filter((one) => one.change === change).map(({ incidentId }) => incidentId);

  it('tells which incidents another filter passes, and writes nothing anywhere', async () => {
    const files = site.files('.');
    const { code, stdout, stderr } = await command('severity_code = High; name ~ Phish', '--operator', 'any', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as BacktestReport;
    const recent = incidents.slice(130);
    const now = recent.filter((one) => ['High', 'Medium'].includes(severity(one)));
    const then = recent.filter((one) => severity(one) === 'High' || one.name.startsWith('Phish'));
    expect(report).toMatchObject({
      ...{ feed: 'mirror', incidents: 130, routedElsewhere: 0, problems: [], faults: [] },
      current: { filter: CURRENT, passes: now.length },
      proposed: { passes: then.length },
    });
    expect(ids('+', report)).toEqual(then.filter((one) => !now.includes(one)).map(({ id }) => id));
    expect(ids('-', report)).toEqual(now.filter((one) => !then.includes(one)).map(({ id }) => id));
    const added = report.changes.find(({ change }) => change === '+');
    expect(added?.proposed.because).toMatch(/^"name ~ Phish" \(the incident has "Phish .*\) holds$/);
    expect(added?.current.because).toContain('does not hold');
    expect(simulator.requests.writes).toBe(0);
    expect(simulator.requests.org(301).total).toBe(0);
    expect(site.files('.')).toEqual(files);
  });

  it('shows counts first, then the lists; as CSV for a spreadsheet', async () => {
    const { code, stdout, stderr } = await command('', '--since', '2001-01-31', '--limit', '2');
    const low = incidents.filter((one) => severity(one) === 'Low');
    expect([code, stderr]).toEqual([0, `There are ${low.length}: --limit, --csv or --json shows more of them.\n`]);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Feed mirror: 260 incidents created since 2001-01-31T00:00:00.000Z');
    expect(stdout).toContain(`+ ${low.length} would be fed that are not now\n- 0 would no longer be fed\n`);
    expect(lines.filter((line) => /^\+ \d+ "/.test(line))).toHaveLength(2);
    const csv = (await command('', '--since', '300d', '--csv')).stdout;
    expect(csv.startsWith('feed,change,incident,name,created,now,then\r\n')).toBe(true);
    expect(csv.match(/^mirror,added,\d+,/gm)).toHaveLength(low.length);
  });

  it('points at what cannot be read, and names likely fields', async () => {
    expect(await command('severity_code >> High')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/unknown operator >>.*\n {2}severity_code >> High\n {2} {16}\^ at character 17\n/),
    });
    const typo = await command('severity_cod = High');
    expect(typo.stdout).toContain('Caution: the incidents have no field severity_cod; did you mean severity_code?\n');
    expect(await command('name = x', '--since', 'yesterday')).toMatchObject({ code: 2 });
    expect(await command('name = x', '--feed', 'miror')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean mirror?'),
    });
  });
});
