import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { chmodSync } from 'node:fs';
import type { Simulator } from '@soar-feed/soar-simulator';
import type { CheckLine } from '@soar-feed/core/runtime';
import { startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import type { Sections } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

// Two processes a row.
jest.setTimeout(120_000);

interface Slip {
  readonly name: string;
  readonly sections: (simulator: Simulator, site: Site) => Sections;
  /** What check says, with section and key. */
  readonly says: RegExp;
  /**
   * A code: both end with it; `warned`: both go on and say so; `goes on`: only the start goes on, until the fault is
   * fixed.
   */
  readonly ends: number | 'warned' | 'goes on';
  readonly env?: Readonly<Record<string, string>>;
  readonly text?: (text: string) => string;
}

const files = { class: 'file', directory: 'files' };
const TO_FILES: Sections = { feeds: { feed_names: 'files' }, files };
const mirror = (simulator: Simulator, more: Readonly<Record<string, string | undefined>> = {}) => ({
  ...{ class: 'resilient', host: simulator.host, port: String(simulator.restPort), org: 'Mirror' },
  ...{ api_key_id: 'key-301', api_key_secret: 'secret-301', cafile: simulator.caFile, sqlite_sync_file: 'sync.db' },
  ...more,
});
const toMirror =
  (more: Readonly<Record<string, string | undefined>>) =>
  (simulator: Simulator): Sections => ({ feeds: { feed_names: 'mirror' }, mirror: mirror(simulator, more) });

/** As npm leaves it if it may not run build scripts. */
const NO_SQLITE = `data:text/javascript,${encodeURIComponent(
  `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent("export async function resolve(name, context, next) { if (name === 'sqlite3') throw new Error('no native part'); return next(name, context); }"));`,
)}`;

const SLIPS: readonly Slip[] = [
  {
    name: 'a misspelled key',
    sections: () => ({ ...TO_FILES, feeds: { feed_names: 'files', relaod: 'true' } }),
    ...{ says: /\[feeds\] relaod: is not known.*did you mean reload\?/, ends: 'warned' },
  },
  {
    name: 'an unknown key beside an error',
    sections: () => ({
      feeds: { feed_names: 'files', relaod: 'true' },
      files: { ...files, directroy: 'x', max_content: 'much' },
    }),
    ...{ says: /\[files\] directroy: is not known[^]*\[files\] max_content: found "much"/, ends: 3 },
  },
  {
    name: 'errors of core and of a target together',
    sections: () => ({
      resilient: { port: 'x' },
      feeds: { feed_names: 'files' },
      files: { ...files, max_content: 'much' },
    }),
    ...{ says: /\[resilient\] port: found "x"[^]*\[files\] max_content/, ends: 3 },
  },
  {
    name: 'a log file in no folder',
    sections: () => ({ ...TO_FILES, resilient: { logdir: 'logs', logfile: 'app.log' } }),
    ...{ says: /\[resilient\] logdir: the folder .*logs does not exist; create it/, ends: 3 },
  },
  {
    name: 'a reference to nothing',
    sections: () => ({ ...TO_FILES, resilient: { api_key_secret: '$API-KEY' } }),
    ...{ says: /\[resilient\] api_key_secret: \$API-KEY is not set/, ends: 3 },
  },
  {
    name: 'a workspace that is none',
    sections: () => ({ ...TO_FILES, feeds: { feed_names: 'files', workspaces: '"Default Workspace": ["files"]' } }),
    ...{
      says: /\[feeds\] workspaces: names the workspace "Default Workspace", .*did you mean "Default workspace"\?; so nothing is fed/,
      ends: 'warned',
    },
  },
  {
    name: 'a type that is none',
    sections: () => ({ ...TO_FILES, feeds: { feed_names: 'files', reload_types: 'inciden,note' } }),
    ...{ says: /\[feeds\] reload_types: names the type "inciden", .*did you mean "incident"\?/, ends: 'warned' },
  },
  {
    name: 'no check of certificates',
    sections: () => ({ ...TO_FILES, resilient: { cafile: 'false' } }),
    ...{ says: /\[resilient\] cafile: is false: no certificate is checked/, ends: 'warned' },
  },
  {
    name: 'no check of a target’s certificates',
    sections: toMirror({ cafile: 'false' }),
    ...{ says: /\[mirror\] cafile: is false: no certificate is checked/, ends: 'warned' },
  },
  {
    name: 'no native part of sqlite3',
    sections: () => TO_FILES,
    env: { NODE_OPTIONS: `--import ${NO_SQLITE}` },
    ...{ says: /\[feeds\] state_db: The native part of sqlite3 is missing: run `npm rebuild sqlite3`/, ends: 40 },
  },
  {
    name: 'a state of another program',
    sections: (_, site) => {
      site.write('soar-feed.db', 'not SQLite at all, but long enough');
      return TO_FILES;
    },
    ...{ says: /\[feeds\] state_db: .*soar-feed\.db/, ends: 40 },
  },
  {
    name: 'no folder for the state',
    sections: () => ({ ...TO_FILES, feeds: { feed_names: 'files', state_db: 'no/such/state.db' } }),
    ...{ says: /\[feeds\] state_db: .*no\/such/, ends: 40 },
  },
  {
    name: 'no folder for the mapping',
    sections: toMirror({ sqlite_sync_file: 'no/such/sync.db' }),
    ...{ says: /\[mirror\] sqlite_sync_file: .* has no folder .*no\/such/, ends: 60 },
  },
  {
    name: 'a mapping that is something else',
    sections: (simulator, site) => {
      site.write('sync.db', 'not SQLite at all, but long enough');
      return toMirror({})(simulator);
    },
    ...{ says: /\[mirror\] sqlite_sync_file: .*sync\.db/, ends: 60 },
  },
  {
    name: 'a filter field that no incident has',
    sections: toMirror({ matching_incident_fields: 'severty_code = "High"; name ~ "x"; vers > 1; hipaa.x = 1' }),
    ...{
      says: /\[mirror\] matching_incident_fields: the incidents have no field severty_code; did you mean severity_code\?/,
      ends: 'warned',
    },
  },
  {
    name: 'an exclusion that meets nothing',
    sections: toMirror({ exclude_incident_fields: 'gdpr;descripton' }),
    ...{
      says: /\[mirror\] exclude_incident_fields: the incidents have no field or section descripton; did you mean description\?/,
      ends: 'warned',
    },
  },
  {
    name: 'a port for monitoring that another program uses',
    sections: ({ restPort }) => ({ ...TO_FILES, feeds: { feed_names: 'files', status_port: String(restPort) } }),
    ...{
      says: /\[feeds\] status_port: 127\.0\.0\.1:\d+ cannot be opened \(another program uses it\)/,
      ends: 'warned',
    },
  },
  {
    name: 'a target’s login that is refused',
    sections: toMirror({ api_key_secret: 'wrong' }),
    ...{ says: /\[mirror\] api_key_id, api_key_secret: .*401/, ends: 'goes on' },
  },
  {
    name: 'a queue that is none',
    sections: () => ({ ...TO_FILES, feeds: { feed_names: 'files', queue: 'feed_dta' } }),
    ...{ says: /no message destination feed_dta/, ends: 30 },
  },
];

/** What a start ends with if check, which goes on, ends with the code of the first line that failed. */
const START_ENDS: Readonly<Record<string, readonly number[]>> = { '60': [3], '30': [30, 32] };

describe('check agrees with a start on', () => {
  let simulator: Simulator;
  let site: Site;
  beforeAll(async () => {
    simulator = await startAcme({
      orgs: [
        { id: 201, name: 'Acme' },
        { id: 301, name: 'Mirror', feedQueue: false },
      ],
    });
  });
  afterAll(() => simulator.stop());
  beforeEach(() => {
    site = new Site();
    site.makeFolder('files');
  });
  afterEach(() => {
    chmodSync(site.folder, 0o700);
    site.remove();
  });

  it.each(SLIPS)('$name', async ({ sections, says, ends, env = {}, text = (t) => t }) => {
    site.write('app.config', text(appConfig(simulator, sections(simulator, site))));
    const checked = await soarFeed(['check', '--json'], { cwd: site.folder, env });
    const { lines } = JSON.parse(checked.stdout) as { lines: readonly CheckLine[] };
    const told = lines.filter(({ state }) => state !== 'ok').map(({ detail }) => detail);
    expect(told.join('\n')).toMatch(says);
    expect(checked.code).toBe(ends === 'warned' ? 0 : ends === 'goes on' ? 60 : ends);

    const started = new SoarFeed(['run'], { cwd: site.folder, env });
    if (typeof ends === 'number') {
      const { code, stderr } = await started.ended;
      expect(START_ENDS[String(ends)] ?? [ends]).toContain(code);
      if (ends !== 30) for (const part of told.slice(0, 1)) expect(stderr).toContain(part.slice(0, 40));
      return;
    }
    await started.event('host.ready');
    await until(() => says.test(started.log.map(({ msg }) => msg).join('\n')), 'the log saying the same');
    const status = await soarFeed(['status'], { cwd: site.folder });
    const { log } = started;
    // Once, not at every place that notices it.
    if (/field/.test(says.source)) expect(log.filter(({ msg }) => says.test(String(msg)))).toHaveLength(1);
    if (/certificate/.test(says.source))
      expect(status.stdout).toMatch(/Certificates are not checked by \[\w+\] cafile/);
    started.signal('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });
});
