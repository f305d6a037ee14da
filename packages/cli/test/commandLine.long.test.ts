import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { statSync } from 'node:fs';
import { loadHostConfig } from '@soar-feed/core/runtime';
import { lineFeed, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';

// Each process costs about half a second, more on a busy machine.
jest.setTimeout(60_000);

const STACK = /^\s+at /m;

describe('the command line', () => {
  let site: Site;
  beforeAll(() => {
    site = new Site();
  });
  afterAll(() => site.remove());

  it('teaches with examples', async () => {
    const [all, reload] = await Promise.all([soarFeed(['--help']), soarFeed(['reload', '--help'])]);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    for (const verb of ['run', 'reload', 'check', 'targets', 'config'])
      expect(all.stdout).toContain(`soar-feed ${verb}`);
    expect(all.stdout).toContain('Examples:');
    expect(reload.stdout).toContain('soar-feed reload --min 2100 --max 2200');
  });

  it.each([
    [['rn'], 'Did you mean run?'],
    [['parked', 'lst'], 'Did you mean list?'],
    [['reload', '--fed', 'x'], 'Unknown argument: fed. Did you mean --feed?'],
    [['parked', 'list', '--stat', 'failed'], 'Did you mean --state?'],
    [['frobnicate'], 'Unknown'],
    [['reload', '--mni', '3'], 'See "soar-feed reload --help"'],
    [['config'], 'init, update or docs'],
    [['reload', '--min', 'x'], '--min is not an incident id'],
    [['reload', '--min', '9', '--max', '3'], '--min 9 is above --max 3'],
    [['run', '-c', 'a', '-c', 'b'], '--c is given twice'],
    [['run', '-c'], 'Not enough arguments following: c'],
  ])('refuses %j with a hint and code 2', async (args, hint) => {
    const ended = await soarFeed(args, { cwd: site.folder });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(hint);
  });

  it.each([[['--help']], [['reload', '--help']], [['frobnicate']]])(
    'answers %j before the engine is loaded',
    async (args) => {
      const { stderr } = await soarFeed(args, { env: { NODE_DEBUG: 'esm' } });
      expect(stderr).toContain('/packages/cli/dist/runCli.js');
      expect(stderr).not.toContain('/packages/core/');
    },
  );

  it('makes no suggestion for what is no slip', async () => {
    const [word, inner] = await Promise.all([soarFeed(['foo']), soarFeed(['parked', 'up'])]);
    expect([word?.code, inner?.code]).toEqual([2, 2]);
    expect(`${word?.stderr}${inner?.stderr}`).not.toContain('Did you mean');
  });

  it('writes a small config to fill in, where that is wanted', async () => {
    const { code, stdout } = await soarFeed(['config', 'init', '--minimal', '--class', 'file', '-'], {
      cwd: site.folder,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('[resilient]');
    expect(stdout).toContain('\napi_key_secret=$RESILIENT_API_KEY_SECRET\n');
    expect(stdout).not.toMatch(/^#\w/m);
    expect(stdout.split('\n').length).toBeLessThan(32);
  });

  it('says so, without a stack, where its result cannot be written', async () => {
    const bin = fileURLToPath(new URL('../bin/soar-feed.js', import.meta.url));
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" config docs > /dev/full`], {
      encoding: 'utf8',
    });
    expect(status).toBe(52);
    expect(stderr).toMatch(/^soar-feed: The output cannot be written: .*ENOSPC/);
    expect(stderr).not.toMatch(STACK);
  });

  it('minds nothing when its reader leaves', async () => {
    const process = new SoarFeed(['config', 'docs'], { cwd: site.folder });
    process.stopReading('stdout');
    expect(await process.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('says where it looked for a config that is not there', async () => {
    const ended = await soarFeed(['run'], { cwd: site.folder });
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(`${site.folder}/app.config`);
    expect(ended.stderr).toContain('soar-feed config init');
    expect(ended.stderr).not.toMatch(STACK);
  });

  it('refuses a config that cannot be read, and shows a stack only to debug', async () => {
    const ended = await soarFeed(['run', '-c', site.folder, '--log-level', 'debug']);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('EISDIR');
    expect(ended.stderr).toMatch(STACK);
  });
});

describe('config init', () => {
  let site: Site;
  beforeAll(() => {
    site = new Site();
  });
  afterAll(() => site.remove());

  it('writes a file that holds once its secrets are set, and never overwrites it unasked', async () => {
    const args = ['config', 'init', '--class', 'FileFeed', '--class', 'file'];
    const first = await soarFeed(args, { cwd: site.folder });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const text = site.read('app.config');
    expect(text).toContain('api_key_secret=$RESILIENT_API_KEY_SECRET\n');
    expect(text).toContain('#password=$RESILIENT_PASSWORD\n');
    expect(statSync(site.config).mode & 0o077).toBe(0);
    const env = { RESILIENT_API_KEY_ID: 'some-id', RESILIENT_API_KEY_SECRET: 'some-secret' };
    expect([...loadHostConfig(site.config, env).sections.keys()]).toEqual(['file_feed', 'file_feed_2']);

    site.write('app.config', '# mine');
    const again = await soarFeed(args, { cwd: site.folder });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('--force');
    expect(site.read('app.config')).toBe('# mine');
    expect((await soarFeed([...args, '--force'], { cwd: site.folder })).code).toBe(0);
    expect(site.read('app.config')).toBe(text);
  });

  it('prints with "-", and by default asks for the login at the other organization too', async () => {
    const ended = await soarFeed(['config', 'init', '-'], { cwd: site.folder });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('[resilient_feed]\n');
    expect(ended.stdout).toContain('\nsqlite_sync_file=resilient_feed.db\n');
    expect(ended.stdout).toContain('api_key_secret=$RESILIENT_FEED_API_KEY_SECRET\n');
  });

  it('names the classes there are when it does not know one', async () => {
    const ended = await soarFeed(['config', 'init', '--class', 'nosuch', '-'], { cwd: site.folder });
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain('FileFeed (@soar-feed/file-feed)');
  });
});

describe('targets', () => {
  let site: Site;
  beforeAll(() => {
    site = new Site();
    site.addPackage('line-feed', { types: ['lines'], source: lineFeed('lines') });
    site.addPackage('torn-feed', { source: "import 'not-installed-anywhere';" });
    site.addPackage('old-feed', { contract: 7, source: "throw new Error('must not be imported');" });
    site.addPackage('path-feed', { folder: 'elsewhere/path-feed' });
    site.write(
      'package.json',
      JSON.stringify({ dependencies: { 'torn-feed': '*', 'old-feed': '*', 'not-a-target': '*' } }),
    );
    site.write('app.config', '[feeds]\ntarget_packages=line-feed, ./elsewhere/path-feed, gone-feed\n');
  });
  afterAll(() => site.remove());

  it('lists what is found in each place, and what is wrong with it', async () => {
    const ended = await soarFeed(['targets', '--json'], { cwd: site.folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const found = JSON.parse(ended.stdout) as { packageName: string }[];
    const by = (name: string) => found.find((target) => target.packageName === name);
    expect(by('line-feed')).toMatchObject({
      ...{ version: '1.2.3', types: ['lines'], contract: 1, usable: true },
      ...{ summary: 'One line per event.', foundBy: 'target_packages' },
    });
    expect(by('path-feed')).toMatchObject({ usable: true, foundBy: 'target_packages' });
    expect(by('torn-feed')).toMatchObject({
      usable: false,
      problem: expect.stringContaining('not-installed-anywhere'),
    });
    expect(by('old-feed')).toMatchObject({ usable: false, problem: expect.stringContaining('contract 7') });
    expect(by('gone-feed')).toMatchObject({ usable: false, problem: expect.stringContaining('npm install gone-feed') });
    expect(by('@soar-feed/file-feed')).toMatchObject({ usable: true, foundBy: 'installed beside soar-feed' });
    expect(by('not-a-target')).toBeUndefined();
  });

  it('shows the same to people', async () => {
    const { stdout } = await soarFeed(['targets'], { cwd: site.folder });
    expect(stdout).toContain('line-feed 1.2.3\n  One line per event.\n  class=lines  (contract 1)\n');
    expect(stdout).toMatch(/^torn-feed 1\.2\.3 {2}BROKEN\n.*not-installed-anywhere/m);
  });
});
