import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { Simulator } from '@soar-feed/soar-simulator';
import { startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(120_000);

let simulator: Simulator;
let site: Site;

beforeEach(async () => {
  simulator = await startAcme({
    orgs: [
      { id: 201, name: 'Acme', feedPackage: false },
      { id: 301, name: 'Mirror' },
    ],
  });
  site = new Site();
  const place = { host: simulator.host, port: String(simulator.restPort), cafile: simulator.caFile };
  const login = { org: 'Mirror', api_key_id: 'key-301', api_key_secret: 'secret-301' };
  const mirror = { class: 'ResilientFeed', ...place, ...login, sqlite_sync_file: 'sync.db', show_in_source: 'true' };
  site.write('app.config', appConfig(simulator, { feeds: { feed_names: 'mirror' }, mirror }));
});

afterEach(async () => {
  await simulator.stop();
  site.remove();
});

const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder });
const state = (id: number): unknown =>
  (simulator.org(201).incident(id).properties as Record<string, unknown>)['soar_feed_mirror_state'];
const patches = (): number =>
  simulator.requests.log.filter(({ org, method }) => org === 201 && method === 'PATCH').length;

it('is provisioned, survives a kill, writes once per change, and is taken back', async () => {
  const lacking = await command('check');
  expect(lacking.stdout).toMatch(/^warn +types .*no field soar_feed_mirror_link, soar_feed_mirror_state/m);
  expect((await command('doctor')).stdout).toMatch(/incident\.soar_feed_mirror_state/);
  const made = await command('customize', '--yes');
  expect(made.stdout.match(/^make +field +incident\.soar_feed_mirror_(link|state|synced)/gm)).toHaveLength(3);
  expect((await command('check')).stdout).not.toContain('soar_feed_mirror');
  expect((await command('doctor')).stdout).not.toContain('soar_feed_mirror');

  const org = simulator.org(201);
  const killed = new SoarFeed(['run'], { cwd: site.folder });
  await killed.event('host.ready');
  // The place to begin at is kept from the first round on.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { id } = org.createIncident({ name: 'Owed', discovered_date: 1_700_000_000_000 });
  await until(() => simulator.org(301).incidents().length === 1, 'the replica');
  await until(() => simulator.broker.unacked('actions.201.feed_data') === 0, 'the acknowledgement');
  killed.signal('SIGKILL');
  await killed.ended;
  expect(patches()).toBe(0);

  const host = new SoarFeed(['run'], { cwd: site.folder });
  await until(() => state(id) === 'Up to date', 'what was owed');
  const ids = [1, 2, 3, 4].map((at) => org.createIncident({ name: `Live ${at}`, discovered_date: 1 }).id);
  for (const each of ids) for (const text of ['a', 'b', 'c']) org.addNote({ incidentId: each }, text);
  await until(() => ids.every((each) => state(each) === 'Up to date'), 'the live ones');
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(patches()).toBe(1 + ids.length);
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);

  expect((await command('plan', String(id))).code).toBe(0);
  expect((await command('verify', '--json')).code).toBe(0);
  expect(patches()).toBe(1 + ids.length);

  const undone = await command('customize', '--undo', '--yes');
  expect(undone.stdout.match(/^remove +field +incident\.soar_feed_mirror_/gm)).toHaveLength(3);
  expect((await command('check')).stdout).toMatch(/no field soar_feed_mirror_link, soar_feed_mirror_state/);
});
