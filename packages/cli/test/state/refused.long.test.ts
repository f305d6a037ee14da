import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Simulator } from '@soar-feed/soar-simulator';
import { openDatabase } from '@soar-feed/store';
import { startAcme } from '../helpers/acme.js';
import { appConfig, Site } from '../helpers/Site.js';
import type { Sections } from '../helpers/Site.js';
import { soarFeed } from '../helpers/soarFeed.js';

jest.setTimeout(60_000);

async function sqlite(file: string, statements: readonly string[]): Promise<void> {
  const { knex, close } = await openDatabase({ client: 'sqlite', file });
  for (const statement of statements) await knex.raw(statement);
  await close();
}

const MIGRATIONS =
  'CREATE TABLE soar_feed_migrations (component text, step integer, name text, applied_at bigint, PRIMARY KEY (component, step))';

/** What may be found where a database should be; each function makes one. */
const bad = {
  text: async (file: string) => writeFileSync(file, 'no database, however long the text that stands here may be'),
  damaged: async (file: string) => {
    await sqlite(file, ['CREATE TABLE data_feeder_sync (a text)', "INSERT INTO data_feeder_sync VALUES ('x')"]);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x5a, 100));
  },
  foreign: (file: string) => sqlite(file, ['CREATE TABLE customers (id int)', 'CREATE TABLE orders (id int)']),
  otherTable: (file: string) => sqlite(file, ['CREATE TABLE data_feeder_sync (id int)']),
  newerMapping: (file: string) =>
    sqlite(file, [MIGRATIONS, "INSERT INTO soar_feed_migrations VALUES ('resilient-mapping', 99, 'future', 1)"]),
  newerState: (file: string) =>
    sqlite(file, [MIGRATIONS, "INSERT INTO soar_feed_migrations VALUES ('feed', 99, 'future', 1)"]),
  folder: async (file: string) => void mkdirSync(file),
  nothing: async () => undefined,
};

/** A file's hash and time of writing; if it is not a file, what it is. */
function asItStands(file: string): unknown {
  try {
    const info = statSync(file);
    const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    return info.isFile() ? [hash(), info.mtimeMs] : 'folder';
  } catch {
    return 'nothing';
  }
}

describe('run refuses to start', () => {
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
    simulator.requests.reset();
  });
  afterEach(() => site.remove());

  const mirror = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
    class: 'ResilientFeed',
    host: simulator.host,
    port: String(simulator.restPort),
    org: 'Mirror',
    api_key_id: 'key-301',
    api_key_secret: 'secret-301',
    cafile: simulator.caFile,
    sqlite_sync_file: 'sync.db',
    ...more,
  });

  /** Ends with the code, one report on stderr, and nothing changed anywhere. */
  async function refused(sections: Sections, file: string): Promise<{ readonly code: number | null; report: string }> {
    site.write('app.config', appConfig(simulator, sections));
    const before = asItStands(site.path(file));
    const { code, stderr, stdout } = await soarFeed(['run'], { cwd: site.folder });
    expect(asItStands(site.path(file))).toEqual(before);
    expect(simulator.requests.writes).toBe(0);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout + stderr).not.toContain('secret-301');
    return { code, report: stderr };
  }

  it.each<[string, keyof typeof bad, string, RegExp]>([
    ['is no database', 'text', 'sync.db', /is not an SQLite database/],
    ['is damaged', 'damaged', 'sync.db', /is damaged/],
    ["is another program's", 'foreign', 'sync.db', /belongs to another program \(tables customers, orders\)/],
    ["has another's table of that name", 'otherTable', 'sync.db', /is not the mapping of a SOAR data feed/],
    ['was written by a newer version', 'newerMapping', 'sync.db', /newer soar-feed .* upgrade soar-feed/],
    ['is a folder', 'folder', 'sync.db', /is not a file/],
    ['has no folder', 'nothing', 'no/such/sync.db', /has no folder .*no\/such: create the folder/],
    ['has a file for a folder', 'nothing', 'app.config/sync.db', /app\.config/],
  ])('with a mapping that %s, in one report of section and key', async (_what, kind, file, words) => {
    await bad[kind](site.path(file));
    const sections = { feeds: { feed_names: 'mirror' }, mirror: mirror({ sqlite_sync_file: file }) };
    const { code, report } = await refused(sections, file);
    expect(code).toBe(3);
    expect(report).toMatch(/^\s*\[mirror\] sqlite_sync_file: /m);
    expect(report).toMatch(words);
    expect(report.match(/\[mirror\]/g)).toHaveLength(1);
  });

  it('with all that its feeds find wrong in one report', async () => {
    await bad.text(site.path('one.db'));
    await bad.foreign(site.path('two.db'));
    const sections = {
      feeds: { feed_names: 'one,two' },
      one: mirror({ sqlite_sync_file: 'one.db' }),
      two: mirror({ sqlite_sync_file: 'two.db' }),
    };
    const { code, report } = await refused(sections, 'two.db');
    expect(code).toBe(3);
    expect(report).toMatch(
      /app\.config has 2 problems:\n\s+\[one\] sqlite_sync_file: .*\n\s+\[two\] sqlite_sync_file: /,
    );
  });

  it('with one file for the state and a mapping, or one mapping for two feeds of one target, whatever paths lead there', async () => {
    site.makeFolder('data');
    symlinkSync(site.path('data'), site.path('link'));
    const sections = {
      feeds: { feed_names: 'one,two,three', state_db: 'data/../link/a.db' },
      one: mirror({ sqlite_sync_file: site.path('data/a.db') }),
      two: mirror({ sqlite_sync_file: 'data/b.db' }),
      three: mirror({ sqlite_sync_file: 'link/b.db', host: simulator.host.toUpperCase() }),
    };
    const { code, report } = await refused(sections, 'data/a.db');
    expect(code).toBe(3);
    expect(report).toMatch(/\[one\] sqlite_sync_file: names .*a\.db, which is the file of the host's state/);
    expect(report).toMatch(/\[three\] sqlite_sync_file: is that of \[two\], too with the same host and org; give each/);
    const checked = await soarFeed(['check'], { cwd: site.folder });
    expect(checked.code).toBe(3);
    expect(checked.stdout).toMatch(/FAIL +config +\[one\] sqlite_sync_file: /);
  });

  it('with an impossible on_unmatch, before anything is opened', async () => {
    const sections = { feeds: { feed_names: 'mirror' }, mirror: mirror({ on_unmatch: 'forget' }) };
    const { code, report } = await refused(sections, 'sync.db');
    expect(code).toBe(3);
    expect(report).toContain('[mirror] on_unmatch: found "forget"; accepted: freeze, close or delete');
    expect(site.has('soar-feed.db')).toBe(false);
  });

  it.each<[string, keyof typeof bad, string, RegExp, string]>([
    ['is no database', 'text', 'soar-feed.db', /is not an SQLite database/, 'store-not-sqlite'],
    ['is damaged', 'damaged', 'soar-feed.db', /is damaged/, 'store-corrupt'],
    ["is another program's", 'foreign', 'soar-feed.db', /belongs to another program/, 'store-foreign'],
    ['was written by a newer version', 'newerState', 'soar-feed.db', /newer soar-feed/, 'store-newer'],
    ['is a folder', 'folder', 'soar-feed.db', /is not a file/, 'store-not-sqlite'],
    ['has no folder', 'nothing', 'no/such/state.db', /has no folder/, 'store-folder-missing'],
  ])('with a state database that %s', async (_what, kind, file, words, storeCode) => {
    await bad[kind](site.path(file));
    const sections = { feeds: { feed_names: 'mirror', state_db: file }, mirror: mirror() };
    const { code, report } = await refused(sections, file);
    expect(code).toBe(40);
    expect(report).toMatch(words);
    expect(report).toContain(`[${storeCode}]`);
    expect(report).toContain('[feeds] state_db');
    expect(site.has('sync.db')).toBe(false);
  });
});
