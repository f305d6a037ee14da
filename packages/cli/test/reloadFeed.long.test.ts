import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Simulator } from '@soar-feed/soar-simulator';
import { fill, startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(60_000);

describe('reload --feed', () => {
  let simulator: Simulator;
  let site: Site;
  beforeEach(async () => {
    simulator = await startAcme();
    fill(simulator, 2);
    site = new Site();
    for (const name of ['one', 'two']) site.makeFolder(name);
    const files = (directory: string) => ({ class: 'FileFeed', directory });
    site.write(
      'app.config',
      appConfig(simulator, { feeds: { feed_names: 'one,two' }, one: files('one'), two: files('two') }),
    );
  });
  afterEach(async () => {
    await simulator.stop();
    site.remove();
  });
  const reload = (feed: string) => soarFeed(['reload', '--json', '--feed', feed], { cwd: site.folder });

  it('loads the feeds that it names, and no other', async () => {
    const ended = await reload('two');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true, objects: 4, feeds: { two: { created: 4 } } });
    expect(site.files('one')).toEqual([]);
    expect(site.files('two')).toHaveLength(4);
    const unknown = await reload('three');
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('holds no three; it holds one, two');
    expect(await reload('one,,two')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--feed contains an empty'),
    });
  });

  it('goes through the running host', async () => {
    const host = new SoarFeed(['run'], { cwd: site.folder });
    await host.event('host.ready');
    expect(await reload('one')).toMatchObject({ code: 0 });
    expect(site.files('one')).toHaveLength(4);
    expect(site.files('two')).toEqual([]);
    host.signal('SIGTERM');
    expect((await host.ended).code).toBe(0);
  });
});
