import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Finding } from '@soar-feed/core';
import { seedIncidents } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { SOURCE, TARGET } from './helpers/incompatible.js';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import { soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(240_000);

const INCIDENTS = 40;

interface ParkedRow {
  readonly key: { readonly type: string };
  readonly why: { readonly state: string; readonly code?: string; readonly message?: string };
}

/** The doctor is asked before the first write, and is held to what it said afterwards. */
describe('a reload after the doctor', () => {
  let simulator: Simulator;
  let site: Site;
  beforeEach(() => {
    site = new Site();
  });
  afterEach(async () => {
    site.remove();
    await simulator.stop();
  });

  const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder, deadlineMs: 120_000 });

  async function findings(): Promise<readonly string[]> {
    const { stdout } = await command('doctor', '--json');
    const { feeds } = JSON.parse(stdout) as { feeds: readonly { readonly findings: readonly Finding[] }[] };
    return (feeds[0]?.findings ?? []).map(({ area, subject, problem, consequence, fix, names = [] }) =>
      [area, subject, problem, consequence, fix, ...names].join(' '),
    );
  }

  /** What the host said it could not carry over, each once. */
  async function losses(): Promise<readonly string[]> {
    const { stderr } = await command('reload', '--json');
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    const logged = lines.map((line) => JSON.parse(line) as { readonly event?: string; readonly msg: string });
    return logged.filter(({ event }) => event === 'target.loss').map(({ msg }) => msg);
  }

  async function failed(): Promise<readonly ParkedRow[]> {
    const { stdout } = await command('parked', 'export', '--state', 'failed');
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as ParkedRow);
  }

  it('loses nothing that the doctor did not name', async () => {
    const { incidentFields = [], ...schema } = TARGET.schema ?? {};
    // It would block every incident, and then nothing could be lost.
    const fields = incidentFields.filter(({ name }) => name !== 'must_person');
    const target = { ...TARGET, schema: { ...schema, incidentFields: fields } };
    simulator = await startPair({ orgs: [SOURCE, target] });
    seedIncidents(simulator.org(201), { incidents: INCIDENTS, files: 0.3, seed: 7 });
    site.write('app.config', mirrorConfig(simulator));
    const found = await findings();
    expect(simulator.requests.writes).toBe(0);

    const lost = await losses();
    expect(lost.length).toBeGreaterThan(20);
    const isNamed = (words: readonly string[]): boolean =>
      found.some((finding) => words.every((word) => finding.includes(word)));
    expect(lost.filter((loss) => !waysToName(loss).some(isNamed))).toEqual([]);

    const refused = await failed();
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter((row) => !isNamed(causeOf(row)))).toEqual([]);
  });

  it('is refused where the doctor said so', async () => {
    simulator = await startPair({ orgs: [SOURCE, TARGET] });
    seedIncidents(simulator.org(201), { incidents: 3, files: 0, seed: 7 });
    site.write('app.config', mirrorConfig(simulator));
    expect(await findings()).toContainEqual(
      expect.stringMatching(/incident\.must_person.*the target refuses the incident/),
    );
    await losses();
    const rows = await failed();
    const incidents = rows.filter(({ key }) => key.type === 'incident');
    expect(incidents).toHaveLength(3);
    for (const { why } of incidents) expect(why.message).toContain('Field must person is required');
  });
});

/** The words of which one group must stand in a finding. */
function waysToName(loss: string): readonly (readonly string[])[] {
  const [, field] = /field (?:\w+\.)?(\w+)[ :]/.exec(loss) ?? [];
  const [, column] = /data table column (?:[\w-]+\.)?(\w+)/.exec(loss) ?? [];
  const [, table] = /data table (?!column)([\w-]+)/.exec(loss) ?? [];
  const [, label] = /no (?:option|user or group|artifact type|workspace) "(.*)"/.exec(loss) ?? [];
  // The doctor takes it that the login of the feed owns nothing; here it does, by chance.
  if (label === 'key-201') return [[]];
  const place = [field, column, table].filter((word) => word !== undefined);
  // A line that this test cannot read is named by nothing.
  if (label === undefined) return [place.length === 0 ? [loss] : place];
  // People, types and phases are named once, whatever field they are in.
  const isListed = !loss.includes('no option') || ['incident_type_ids', 'phase_id'].includes(field ?? '');
  // Of a field of another type, no value is named.
  return [isListed ? [label] : [...place, label], [...place, 'is of type']];
}

/** What the doctor calls the reason of a refusal. */
function causeOf({ key: { type }, why: { code = '', message = '' } }: ParkedRow): readonly string[] {
  if (type === 'attachment') return ['attachments', 'turned off'];
  if (code === 'close-refused') return ['closing with open tasks'];
  if (type === 'artifact') return ['artifact type', 'hold files'];
  return [code, message];
}
