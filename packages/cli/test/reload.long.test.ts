import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Simulator } from '@soar-feed/soar-simulator';
import { fill, startAcme } from './helpers/acme.js';
import { appConfig, lineFeed, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(60_000);

describe('reload', () => {
  let simulator: Simulator;
  let site: Site;
  let ids: readonly number[];
  beforeAll(async () => {
    simulator = await startAcme();
    ids = fill(simulator, 4);
  });
  afterAll(() => simulator.stop());
  beforeEach(() => {
    site = new Site();
    site.makeFolder('files');
  });
  afterEach(() => {
    simulator.faults.clear();
    site.remove();
  });

  it('loads everything, says so in a table, and ends with 0', async () => {
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'files' }, files: { class: 'FileFeed', directory: 'files' } }),
    );
    const ended = await soarFeed(['reload'], { cwd: site.folder });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^4 incidents, 8 objects read in [\d.]+ s\.$/m);
    expect(ended.stdout).toMatch(/^files +8 +0 +0 +0 +0 +0$/m);
    expect(ended.stdout + ended.stderr).not.toContain('\r');
    expect(ended.stderr).toContain('"event":"reload.finished"');
    expect(ended.stderr).toContain('"event":"host.stopped"');
    expect(site.has(`files/incident_${ids[3]}.json`)).toBe(true);
    expect(site.has('soar-feed.db')).toBe(true);
  });

  it('feeds a package of the user, two feeds of one class, within a range and for a program', async () => {
    site.addPackage('line-feed', { types: ['lines'], source: lineFeed('lines') });
    site.write('package.json', JSON.stringify({ dependencies: { 'line-feed': '*' } }));
    const lines = (out: string) => ({ class: 'lines', out });
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'one,two' }, one: lines('one.txt'), two: lines('two.txt') }),
    );
    const [min, max] = [String(ids[1]), String(ids[2])];
    const ended = await soarFeed(['sync', '--min', min, '--max', max, '--types', 'note,artifact', '--json'], {
      cwd: site.folder,
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ...{ ok: true, objects: 2, byType: { note: 2 }, typesWithoutObjects: ['artifact'], faults: [] },
      feeds: { one: { created: 2, failed: 0, parked: 0 }, two: { created: 2 } },
    });
    expect(site.read('one.txt')).toBe('one upsert note\n'.repeat(2));
    expect(site.read('two.txt')).toBe('two upsert note\n'.repeat(2));
  });

  it('deletes as many as a person allows, by itself and through the running host; refuses types there are not', async () => {
    const own = await startAcme();
    const gone = fill(own, 6);
    site.write(
      'app.config',
      appConfig(own, {
        feeds: { feed_names: 'files', reconcile_max_deletes: '1' },
        files: { class: 'FileFeed', directory: 'files' },
      }),
    );
    const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder });
    const remove = (ids: readonly number[]) => {
      own.org(201).setRules(false);
      for (const id of ids) own.org(201).deleteIncident(id);
      own.org(201).setRules(true);
    };
    const stand = () => gone.filter((id) => site.has(`files/incident_${id}.json`));
    try {
      expect((await command('reload')).code).toBe(0);
      remove(gone.slice(0, 2));
      const refused = await command('reload');
      expect(refused.stderr).toContain('soar-feed reload --allow-deletes N');
      expect(stand()).toHaveLength(6);
      expect((await command('reload', '--allow-deletes', '1')).stderr).toContain('reload.deletes-refused');
      expect(await command('reload', '--allow-deletes', 'x')).toMatchObject({ code: 2 });
      expect((await command('reload', '--allow-deletes', '2')).code).toBe(0);
      expect(stand()).toEqual(gone.slice(2));

      const wrong = await command('reload', '--types', 'inciden');
      expect(wrong).toMatchObject({ code: 2, stdout: '' });
      expect(wrong.stderr).toContain(
        '--types names "inciden", which the organization does not have; did you mean "incident"?',
      );

      const host = new SoarFeed(['run'], { cwd: site.folder });
      await host.event('host.ready');
      remove(gone.slice(2, 4));
      expect((await command('reload')).stdout).toMatch(/^files +0 /m);
      expect(stand()).toHaveLength(4);
      const allowed = await command('reload', '--allow-deletes', '2', '--json');
      expect(allowed).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(allowed.stdout)).toMatchObject({ ok: true, feeds: { files: { deleted: 2 } } });
      expect(stand()).toEqual(gone.slice(4));
      const beside = await command('reload', '--types', 'inciden');
      expect(beside).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "incident"?') });
      host.signal('SIGTERM');
      await host.ended;
    } finally {
      await own.stop();
    }
  });

  it('ends with 50 and a summary when something failed', async () => {
    site.addPackage('line-feed', { types: ['lines'], source: lineFeed('lines') });
    const feed = { class: 'lines', out: 'out.txt', refuses: 'note' };
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'picky', target_packages: 'line-feed' }, picky: feed }),
    );
    const ended = await soarFeed(['reload'], { cwd: site.folder });
    expect(ended.code).toBe(50);
    expect(ended.stdout).toMatch(/^picky +4 +0 +0 +0 +0 +4$/m);
    expect(ended.stdout).toContain('incomplete');
    expect(ended.stderr).toContain('"code":"line-refused"');
  });

  it('ends with 50 when a part of the source cannot be read', async () => {
    simulator.faults.add({ method: 'POST', path: '/search_ex', status: 400 });
    simulator.faults.add({ path: `/incidents/${ids[1]}/**`, status: 403 });
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'files' }, files: { class: 'file', directory: 'files' } }),
    );
    const ended = await soarFeed(['reload'], { cwd: site.folder });
    expect(ended.code).toBe(50);
    expect(ended.stdout).toContain('Not readable at the source:');
    expect(ended.stdout).toMatch(/^files +7 /m);
  });

  it.each(['stdout', 'stderr'] as const)('does its work to the end when nobody reads its %s', async (stream) => {
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'files' }, files: { class: 'file', directory: 'files' } }),
    );
    const process = new SoarFeed(['reload'], { cwd: site.folder });
    process.stopReading(stream);
    const ended = await process.ended;
    expect(ended.code).toBe(0);
    expect(ended.stderr).not.toContain('EPIPE');
    expect(site.has(`files/incident_${ids[3]}.json`)).toBe(true);
  });

  it('says that the running host goes on when nobody waits for it any more', async () => {
    simulator.faults.add({ method: 'POST', path: '/search_ex', delayMs: 3_000, times: 1 });
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'files' }, files: { class: 'file', directory: 'files' } }),
    );
    const host = new SoarFeed(['run'], { cwd: site.folder });
    await host.event('host.ready');
    const asked = new SoarFeed(['reload'], { cwd: site.folder });
    await host.event('reload.started');
    asked.signal('SIGINT');
    const ended = await asked.ended;
    expect(ended).toMatchObject({ code: 50, stdout: '' });
    expect(ended.stderr).toBe('The running host continues the reload; `soar-feed status` shows how far it is.\n');
    expect(await host.event('reload.finished')).toMatchObject({ incidents: 4, interrupted: false });
    host.signal('SIGTERM');
    expect((await host.ended).code).toBe(0);
  });

  it('counts up in the log where nobody watches, and gives up in good order at a signal', async () => {
    simulator.faults.add({ method: 'POST', path: '/search_ex', delayMs: 4_000 });
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'files' }, files: { class: 'file', directory: 'files' } }),
    );
    const process = new SoarFeed(['reload'], { cwd: site.folder });
    await until(() => process.stderr.includes('"event":"reload.progress"'), 'a line of progress');
    process.signal('SIGTERM');
    const ended = await process.ended;
    expect(ended.code).toBe(50);
    expect(ended.stdout).toContain('Interrupted before the end.');
    expect(ended.stderr).toContain('"event":"host.stopped"');
  });
});
