import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hasPostgres, startPostgres } from '@soar-feed/feed-testkit';
import type { Postgres } from '@soar-feed/feed-testkit';
import type { Simulator } from '@soar-feed/soar-simulator';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import type { Sections } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(300_000);

const MISSING = 'PostgreSQL is not installed: apt-get install postgresql';
const PORT = 28_032;
const STATUS_PORT = 28_033;
const QUEUE = 'actions.201.feed_data';
/** On a machine that does nothing else it takes two seconds. */
const TAKES_OVER_WITHIN_MS = 60_000;
const LATE = 120_000;

if (hasPostgres()) {
  describe('two hosts whose state and mapping are in PostgreSQL', () => tests());
} else if (process.env['REQUIRE_SERVICES'] === '1') {
  it('has a PostgreSQL to test with', () => {
    throw new Error(MISSING);
  });
} else {
  console.warn(`PostgreSQL tests are skipped. ${MISSING}`);
  it.skip('has a PostgreSQL to test with', () => undefined);
}

function tests(): void {
  let postgres: Postgres;
  let simulator: Simulator;
  /** The folders of two machines. */
  let sites: readonly [Site, Site];
  let hosts: SoarFeed[];
  let made = 0;
  beforeEach(async () => {
    postgres = startPostgres({ port: PORT });
    simulator = await startPair();
    sites = [new Site(), new Site()];
    hosts = [];
    made = 0;
    for (const site of sites) site.write('app.config', config());
  });
  afterEach(async () => {
    for (const host of hosts) host.signal('SIGKILL');
    await Promise.all(hosts.map(({ ended }) => ended));
    for (const site of sites) site.remove();
    await simulator.stop();
    postgres.remove();
  });

  /** State and mapping in one database; every test has its own. */
  const config = (feeds: Sections[string] = {}, resilient: Sections[string] = {}): string => {
    const odbc = `Driver={PostgreSQL};Server=127.0.0.1;DB=soar;Port=${PORT}`;
    const mapping = { sqlite_sync_file: undefined, postgresql_connect: odbc, postgresql_uid: 'soar' };
    return mirrorConfig(simulator, mapping, { feeds: { state_db: postgres.url, ...feeds }, resilient });
  };

  const run = (site: Site, ...args: readonly string[]): SoarFeed => {
    const host = new SoarFeed(['run', '-c', site.config, ...args], { cwd: site.folder, deadlineMs: 280_000 });
    hosts.push(host);
    return host;
  };

  const consumers = (): number => simulator.broker.consumers(QUEUE);

  /** Incidents with a note and a task each, in turn. */
  const work = (incidents: number): void => {
    const org = simulator.org(201);
    for (let at = 0; at < incidents; at += 1) {
      made += 1;
      const { id } = org.createIncident({ name: `Incident ${made}`, discovered_date: 1_700_000_000_000 });
      org.addNote({ incidentId: id }, `Note ${made}`);
      org.createTask(id, { name: `Task ${made}` });
    }
  };

  const arrived = (): number => simulator.org(301).incidents().length;

  /** Everything once, nothing else, and equal in every field. */
  const expectReplica = async (site: Site): Promise<void> => {
    await until(() => simulator.broker.depth(QUEUE) === 0 && arrived() >= made, 'the end of the work', LATE);
    // What was parked under way comes back soon.
    const late = performance.now() + LATE;
    const verified = () => soarFeed(['verify', '-c', site.config, '--json'], { deadlineMs: LATE });
    let { code, stdout } = await verified();
    while (code !== 0 && performance.now() < late) ({ code, stdout } = await verified());
    expect(JSON.parse(stdout)).toMatchObject({ drift: [] });
    expect(code).toBe(0);
    const replica = simulator.org(301);
    const all = replica.incidents();
    const names = all.map(({ name }) => name).sort();
    expect(names).toEqual(
      simulator
        .org(201)
        .incidents()
        .map(({ name }) => name)
        .sort(),
    );
    for (const { id } of all) {
      expect(replica.notes({ incidentId: id }).filter(({ text }) => /Note \d/.test(JSON.stringify(text)))).toHaveLength(
        1,
      );
    }
  };

  it('wait for each other: the second one takes over from one that was killed in the middle of its work', async () => {
    const [one, two] = sites;
    const active = run(one);
    await active.event('host.ready');
    const standby = run(two, '--standby');
    expect(await standby.event('host.standby')).toMatchObject({ level: 'info', pid: expect.any(Number) });
    work(10);
    await until(() => arrived() >= 3, 'some of the work', LATE);
    expect(consumers()).toBe(1);

    work(20);
    active.signal('SIGKILL');
    await active.ended;
    const from = performance.now();
    work(10);
    await standby.event('host.takeover');
    await standby.event('host.ready');
    expect(performance.now() - from).toBeLessThan(TAKES_OVER_WITHIN_MS);
    expect(consumers()).toBe(1);
    work(5);
    await expectReplica(two);
    const said = standby.log.flatMap(({ event }) => (String(event).startsWith('host.') ? [event] : []));
    expect(said).toEqual(['host.standby', 'host.takeover', 'host.ready']);
  });

  it('hand over at an orderly stop, with the config as it is then, and back', async () => {
    const [one, two] = sites;
    // Its secret has changed since; what is there when it takes over counts.
    two.write('app.config', config({}, { api_key_secret: 'of-last-year' }));
    const first = run(one, '--standby');
    await first.event('host.ready');
    const second = run(two, '--standby');
    await second.event('host.standby');
    two.write('app.config', config());
    work(5);
    first.signal('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    const from = performance.now();
    await second.event('host.ready');
    expect(performance.now() - from).toBeLessThan(TAKES_OVER_WITHIN_MS);

    one.write('app.config', config({ status_port: String(STATUS_PORT) }));
    const again = run(one, '--standby');
    const { pid, database } = await again.event('host.standby');
    expect(again.log.some(({ event }) => event === 'host.ready')).toBe(false);
    expect(consumers()).toBe(1);
    const probe = async (path: string): Promise<readonly [number, string]> => {
      const answer = await fetch(`http://127.0.0.1:${STATUS_PORT}${path}`);
      return [answer.status, await answer.text()];
    };
    expect(await probe('/livez')).toEqual([200, 'ok\n']);
    expect(await probe('/healthz')).toEqual([200, expect.stringMatching(/^standby: process \d+ on /)]);
    expect(await probe('/readyz')).toEqual([503, expect.stringMatching(/^standby: process \d+ on /)]);
    const shown = await soarFeed(['status', '-c', one.config], { deadlineMs: LATE });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain(`Standby: process ${String(pid)} on `);
    expect(shown.stdout).toContain(String(database));
    const refused = await soarFeed(['reload', '-c', one.config], { deadlineMs: LATE });
    expect(refused).toMatchObject({ code: 40, stderr: expect.stringContaining('[host-standby]') });

    again.signal('SIGTERM');
    expect(await again.ended).toMatchObject({ code: 0 });
    await expectReplica(two);
  });

  it('end where they were frozen and another one has taken over, and wait when they are started again', async () => {
    const [one, two] = sites;
    const frozen = run(one, '--standby');
    await frozen.event('host.ready');
    const second = run(two, '--standby');
    await second.event('host.standby');
    work(3);
    await until(() => arrived() >= 3, 'the work of the first', LATE);
    frozen.signal('SIGSTOP');
    work(10);
    // Its lease ends 30 s after its last sign.
    await second.event('host.ready');
    frozen.signal('SIGCONT');
    const { code, stderr } = await frozen.ended;
    expect({ code, stderr }).toEqual({ code: 40, stderr: expect.stringContaining('[store-lost]') });
    expect(frozen.log.some(({ event }) => event === 'store.lost')).toBe(true);
    const again = run(one, '--standby');
    await again.event('host.standby');
    await until(() => consumers() === 1, 'one subscription');
    await expectReplica(two);
  });

  it('wait for a mapping, too, without a subscription', async () => {
    const [one, two] = sites;
    const active = run(one);
    await active.event('host.ready');
    two.write('app.config', config({ state_db: 'own.db' }));
    const standby = run(two, '--standby');
    await standby.event('host.standby');
    work(3);
    await until(() => arrived() >= 3 && simulator.broker.depth(QUEUE) === 0, 'the work of the first', LATE);
    expect(consumers()).toBe(1);
    active.signal('SIGTERM');
    await active.ended;
    await standby.event('host.ready');
    work(3);
    await expectReplica(two);
  });

  it('end at once, with --standby, too, where only a person can help', async () => {
    const [one] = sites;
    one.write('app.config', config({}, { api_key_secret: 'wrong' }));
    expect(await soarFeed(['run', '--standby', '-c', one.config], { deadlineMs: LATE })).toMatchObject({ code: 21 });
    one.write('app.config', config({ reload: 'ture' }));
    expect(await soarFeed(['run', '--standby', '-c', one.config], { deadlineMs: LATE })).toMatchObject({ code: 3 });
  });
}
