import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { copyFileSync, existsSync, statSync, truncateSync } from 'node:fs';
import { openDatabase } from '@soar-feed/store';
import type { Simulator } from '@soar-feed/soar-simulator';
import { mirrorConfig, startPair } from '../helpers/mirror.js';
import { Site } from '../helpers/Site.js';
import { SoarFeed, soarFeed } from '../helpers/soarFeed.js';
import { until } from '../helpers/until.js';

jest.setTimeout(300_000);

describe('state', () => {
  let simulator: Simulator;
  let site: Site;
  let host: SoarFeed;
  beforeEach(async () => {
    simulator = await startPair();
    site = new Site();
    site.write('app.config', mirrorConfig(simulator));
  });
  afterEach(async () => {
    host.signal('SIGKILL');
    await host.ended;
    await simulator.stop();
    site.remove();
  });

  const start = async (): Promise<void> => {
    host = new SoarFeed(['run', '-c', site.config], { deadlineMs: 280_000 });
    await host.event('host.ready');
  };
  const create = (name: string): void =>
    void simulator.org(201).createIncident({ name, discovered_date: 1_700_000_000_000 });
  /** What a file knows of every object, once nothing writes to it. */
  const settledIn = async (file: string): Promise<readonly string[]> => {
    const database = await openDatabase({ client: 'sqlite', file }, { readOnly: true });
    try {
      const rows: readonly { readonly object_key: string }[] = await database
        .knex('soar_feed_settled')
        .orderBy('object_key');
      return rows.map((row) => JSON.stringify(row));
    } finally {
      await database.close();
    }
  };

  it('is backed up whole while a host writes, and what was settled before is in the copy as it is', async () => {
    await start();
    for (let at = 0; at < 20; at += 1) create(`Before ${at}`);
    await until(() => simulator.org(301).incidents().length === 20, 'the first incidents');
    while ((await settledIn(site.path('soar-feed.db'))).length < 20);
    const before = await settledIn(site.path('soar-feed.db'));
    // Load goes on while it is copied.
    let made = 0;
    const load = setInterval(() => create(`Meanwhile ${(made += 1)}`), 100);
    const copies = await Promise.all(
      ['one.db', 'two.db'].map((name) => soarFeed(['state', 'backup', site.path(name), '-c', site.config])),
    );
    clearInterval(load);
    for (const copy of copies) expect(copy).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(site.path('one.db')).mode & 0o777).toBe(0o600);
    for (const name of ['one.db', 'two.db'])
      expect(await settledIn(site.path(name))).toEqual(expect.arrayContaining([...before]));
    expect(site.files('.').filter((name) => name.endsWith('.tmp'))).toEqual([]);

    // Nothing was lost or held up: all that was made arrives.
    await until(() => simulator.org(301).incidents().length === 20 + made, 'all incidents');
    const again = await soarFeed(['state', 'backup', site.path('one.db'), '-c', site.config]);
    expect(again.code).toBe(40);
    expect(again.stderr).toMatch(/one\.db exists, and was not changed.*\[store-backup-failed\]/);

    host.signal('SIGTERM');
    expect(await host.ended).toMatchObject({ code: 0 });
    // At rest, a copy is equal to the original.
    expect(await soarFeed(['state', 'backup', site.path('rest.db'), '-c', site.config])).toMatchObject({ code: 0 });
    expect(await settledIn(site.path('rest.db'))).toEqual(await settledIn(site.path('soar-feed.db')));

    const checked = await soarFeed(['state', 'check', '-c', site.config]);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(/ok {4}integrity +no damage\n/);
    expect(checked.stdout).toMatch(new RegExp(`ok {4}feed mirror +${20 + made} in the mapping, ${20 + made} of them`));

    // A copy takes the place of the original.
    for (const end of ['-wal', '-shm']) expect(existsSync(site.path(`soar-feed.db${end}`))).toBe(false);
    copyFileSync(site.path('one.db'), site.path('soar-feed.db'));
    await start();
    create('After');
    await until(
      () =>
        simulator
          .org(301)
          .incidents()
          .some(({ name }) => name === 'After'),
      'the incident after',
    );
  });

  it('check finds damage, and a mapping that knows less', async () => {
    await start();
    create('One');
    await until(() => simulator.org(301).incidents().length === 1, 'the incident');
    host.signal('SIGTERM');
    await host.ended;
    // As if the mapping came from an older backup.
    const mapping = await openDatabase({ client: 'sqlite', file: site.path('sync.db') });
    await mapping.knex('data_feeder_sync').delete();
    await mapping.close();
    const emptied = await soarFeed(['state', 'check', '-c', site.config]);
    expect(emptied.code).toBe(0);
    expect(emptied.stdout).toMatch(/warn {2}feed mirror +the mapping is empty, though \d+ events were delivered/);

    truncateSync(site.path('soar-feed.db'), statSync(site.path('soar-feed.db')).size - 4096);
    const damaged = await soarFeed(['state', 'check', '-c', site.config]);
    expect(damaged.code).toBe(40);
  });

  it('has no backup of a server, and says what to do', async () => {
    host = new SoarFeed(['--version']);
    site.write('app.config', '[feeds]\nfeed_names=x\nstate_db=postgresql://u:secret-pw@db.example.com/soar?schema=s\n');
    const refused = await soarFeed(['state', 'backup', site.path('x.db'), '-c', site.config]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/pg_dump .*s\.soar_feed_\*/);
    expect(refused.stderr).not.toContain('secret-pw');
  });
});
