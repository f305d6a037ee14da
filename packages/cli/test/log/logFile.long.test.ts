import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { statSync, writeFileSync } from 'node:fs';
import type { Simulator } from '@soar-feed/soar-simulator';
import { fill, startAcme } from '../helpers/acme.js';
import { appConfig, lineFeed, Site } from '../helpers/Site.js';
import { SoarFeed, soarFeed } from '../helpers/soarFeed.js';

jest.setTimeout(60_000);

describe('the log file', () => {
  let simulator: Simulator;
  let site: Site;
  beforeAll(async () => {
    simulator = await startAcme();
    fill(simulator, 1);
  });
  afterAll(() => simulator.stop());
  beforeEach(() => {
    site = new Site();
    site.makeFolder('files');
  });
  afterEach(() => site.remove());

  const write = (resilient: Readonly<Record<string, string>>): void =>
    site.write('app.config', appConfig(simulator, { resilient, feeds: { feed_names: 'files' }, files: FILES }));
  const FILES = { class: 'file', directory: 'files' };
  const linesOf = (name: string): string[] => site.read(name).split('\n').filter(Boolean);

  it('holds what standard output says, whole after a kill, and goes on at the next start', async () => {
    write({ logfile: 'feed.log', loglevel: 'debug' });
    const killed = new SoarFeed(['run', '-c', site.config]);
    await killed.event('host.ready');
    killed.signal('SIGKILL');
    const { stdout } = await killed.ended;
    const first = linesOf('logs/feed.log');
    expect(first.slice(0, linesIn(stdout).length)).toEqual(linesIn(stdout));
    expect(statSync(site.path('logs/feed.log')).mode & 0o777).toBe(0o600);
    expect(statSync(site.path('logs')).mode & 0o777).toBe(0o700);
    expect(site.read('logs/feed.log')).not.toContain('secret-201');

    const again = new SoarFeed(['run', '-c', site.config]);
    await again.event('host.ready');
    again.signal('SIGTERM');
    await again.ended;
    const last = linesOf('logs/feed.log').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ event: 'host.stopped' });
    expect(linesOf('logs/feed.log').slice(0, first.length)).toEqual(first);
  });

  it('says why a host ends, and the error of a crash', async () => {
    site.makeFolder('log');
    write({ logdir: 'log', api_key_secret: 'wrong-secret' });
    expect((await soarFeed(['run', '-c', site.config])).code).toBe(21);
    expect(JSON.parse(linesOf('log/app.log').at(-1) ?? '')).toMatchObject({ level: 'error', event: 'host.failed' });

    const source = lineFeed('lines').replace(
      'async open() {}',
      'async open() { setTimeout(() => { throw new Error("boom"); }); }',
    );
    site.addPackage('line-feed', { types: ['lines'], source });
    site.write(
      'app.config',
      appConfig(simulator, {
        resilient: { logdir: 'log' },
        feeds: { feed_names: 'bad', target_packages: 'line-feed' },
        bad: { class: 'lines', out: 'out.txt' },
      }),
    );
    expect((await soarFeed(['run', '-c', site.config])).code).not.toBe(0);
    expect(site.read('log/app.log')).toMatch(/"event":"host\.crashed".*boom/);
  });

  it('refuses a folder that is not there or not one, naming the key; other commands need none', async () => {
    write({ logdir: 'nowhere' });
    const missing = await soarFeed(['run', '-c', site.config]);
    expect(missing).toMatchObject({ code: 3 });
    expect(missing.stderr).toMatch(/\[resilient\] logdir: the folder \S+nowhere does not exist; create it/);
    const checked = await soarFeed(['check', '-c', site.config]);
    expect(checked.code).toBe(3);
    expect(checked.stdout).toMatch(/FAIL {2}log +\[resilient\] logdir: the folder/);
    expect((await soarFeed(['reload', '-c', site.config])).code).toBe(0);

    writeFileSync(site.path('plain'), '');
    write({ logdir: 'plain' });
    expect((await soarFeed(['run', '-c', site.config])).stderr).toMatch(
      /\[resilient\] logdir: \S+plain is not a folder/,
    );
    write({ logfile: 'a.log' });
    expect((await soarFeed(['check', '-c', site.config])).stdout).toMatch(/ok {4}log +\S+logs\/a\.log/);
    expect(site.has('logs')).toBe(false);
  });
});

const linesIn = (text: string): string[] => text.split('\n').slice(0, -1);
