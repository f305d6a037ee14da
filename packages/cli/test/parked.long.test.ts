import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { StatusReport } from '@soar-feed/core/runtime';
import type { Simulator } from '@soar-feed/soar-simulator';
import type { ParkedGroup } from '../src/output/parkedGroups.js';
import { startAcme } from './helpers/acme.js';
import { gatedFeed } from './helpers/gatedFeed.js';
import { appConfig, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(90_000);

const QUEUE = 'actions.201.feed_data';

describe('parked and status', () => {
  let simulator: Simulator;
  let site: Site;
  let hosts: SoarFeed[] = [];
  beforeAll(async () => {
    simulator = await startAcme();
  });
  afterAll(() => simulator.stop());
  beforeEach(() => {
    site = new Site();
    site.addPackage('gated-feed', { types: ['gated'], source: gatedFeed('gated') });
    site.write('gate', '');
    configure();
  });
  afterEach(async () => {
    for (const host of hosts.splice(0)) {
      host.signal('SIGTERM');
      await host.ended;
    }
    site.remove();
  });

  const configure = (more: Readonly<Record<string, string>> = {}) =>
    site.write(
      'app.config',
      appConfig(simulator, {
        feeds: { feed_names: 'gated_feed', target_packages: 'gated-feed', ...more },
        gated_feed: { class: 'gated', out: 'out.txt', gate: 'gate' },
      }),
    );
  const run = async () => {
    const host = new SoarFeed(['run'], { cwd: site.folder });
    hosts.push(host);
    await host.event('host.ready');
    return host;
  };
  const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder });
  const groups = async (...args: readonly string[]) =>
    (JSON.parse((await command('parked', 'list', '--json', ...args)).stdout) as { groups: ParkedGroup[] }).groups;
  const settled = () => until(() => simulator.broker.depth(QUEUE) === 0, 'all messages acknowledged');
  const delivered = () => (site.has('out.txt') ? site.read('out.txt') : '');

  /** An incident with `notes` notes, which the shut gate refuses. */
  const incident = async (notes: number) => {
    const org = simulator.org(201);
    const { id } = org.createIncident({ name: 'Gated', discovered_date: 1_700_000_000_000 });
    const noteIds = Array.from({ length: notes }, (_, at) => org.addNote({ incidentId: id }, `Text ${at}`).id);
    await org.settled();
    await settled();
    return { id, noteIds };
  };

  it('shows what is parked beside a running host, tries it again and drops it through the host', async () => {
    await run();
    const { id, noteIds } = await incident(3);
    await simulator.broker.publish({ destination: QUEUE, headers: {}, body: '{"no json' });
    await settled();

    const list = await command('parked', 'list');
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(list.stdout).toMatch(/^gated_feed +failed +gate-shut +3 +0 +\d+ s$/m);
    expect(list.stdout).toMatch(/^- +raw +message-not-json +1 /m);
    expect(list.stdout).toMatch(/^201\/\d+\/note\/\d+: The gate is shut\. \(failed after 1 attempt\)$/m);
    expect(
      Math.max(...(list.stdout.split('\n\n')[0] ?? '').split('\n').map((line) => line.length)),
    ).toBeLessThanOrEqual(80);
    expect(await groups('--type', 'task')).toEqual([]);
    expect(await groups('--state', 'raw')).toMatchObject([{ state: 'raw', code: 'message-not-json', rows: 1 }]);

    const row = `201/${id}/note/${noteIds[1]}`;
    const show = await command('parked', 'show', row);
    expect(show.code).toBe(0);
    expect(show.stdout).toMatch(/^Row: +201\/\d+\/note\/\d+ of gated_feed$/m);
    expect(show.stdout).toContain('Text 1');
    expect((await command('parked', 'show', '201/1/note/1')).code).toBe(51);

    const lines = (await command('parked', 'export')).stdout.trim().split('\n');
    const exported = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(exported).toHaveLength(4);
    expect(exported.find((one) => one['row'] === row)).toMatchObject({
      ...{ feed: 'gated_feed', why: { state: 'failed', code: 'gate-shut' } },
      payload: { text: expect.anything() },
    });
    expect(exported.at(-1)).toMatchObject({ state: 'raw', message: { body: '{"no json' } });

    const piped = await command('parked', 'drop', row);
    expect(piped).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const dropped = await command('parked', 'drop', row, '--yes');
    expect(dropped).toMatchObject({ code: 0, stdout: 'Dropped: 1 row.\n' });
    expect((await command('parked', 'drop', '--state', 'raw', '-y')).stdout).toBe('Dropped: 1 raw message.\n');

    simulator.org(201).editNote(noteIds[0] ?? 0, 'As it is now');
    await simulator.org(201).settled();
    await settled();
    rmSync(site.path('gate'));
    const retried = await command('parked', 'retry', '--code', 'gate-shut');
    expect(retried).toMatchObject({ code: 0, stdout: expect.stringContaining('the running host tries them now') });
    await until(() => delivered().includes(`upsert note ${noteIds[2]}`), 'the note that was tried again');
    expect(delivered()).not.toContain(`note ${noteIds[1]}`);
    expect((await command('parked', 'list')).stdout).toBe('Nothing is parked.\n');

    const report = JSON.parse((await command('status', '--json')).stdout) as StatusReport;
    expect(report.feeds[0]?.totals).toEqual({ delivered: 3, skipped: 0, superseded: 1, dropped: 1, parked: 4 });
  });

  it('asks before it makes what is undecided, and takes what a person shows in the target', async () => {
    site.write('gate', 'undecided');
    const host = await run();
    const { id, noteIds } = await incident(3);
    const [first = 0, second = 0, third = 0] = noteIds;
    const row = (noteId: number) => `201/${id}/note/${noteId}`;
    expect(await groups()).toMatchObject([{ state: 'undecided', rows: 3 }]);
    rmSync(site.path('gate'));

    const retried = await command('parked', 'retry');
    expect(retried).toMatchObject({ code: 0, stdout: expect.stringContaining('Not changed: 3 rows to decide on.') });
    expect((await command('parked', 'retry', row(first))).stdout).toContain('Not changed: 1 row to decide on.');
    const unsaid = await command('parked', 'retry', '--state', 'undecided');
    expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(delivered()).not.toContain('note');

    const refused = await command('parked', 'adopt', row(first), '--target', '1000');
    expect(refused).toMatchObject({ code: 51, stderr: 'soar-feed: There is no 1000. [adopt-refused]\n' });
    expect((await command('parked', 'adopt', row(999_999), '--target', '7')).code).toBe(51);
    expect((await command('parked', 'adopt', row(first), '--target', '0')).code).toBe(2);
    const adopted = await command('parked', 'adopt', row(first), '--target', '7');
    expect(adopted).toMatchObject({ code: 0, stdout: expect.stringContaining('The running host updates it there.') });
    await until(() => delivered().includes(`upsert note ${first}`), 'the adopted note');
    expect(delivered()).toMatch(new RegExp(`adopt note ${first} as 7[^]*upsert note ${first}`));

    host.signal('SIGTERM');
    await host.ended;
    const atRest = await command('parked', 'adopt', row(second), '--target', '8');
    expect(atRest).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The next host that runs updates it there.'),
    });
    expect(delivered()).toContain(`adopt note ${second} as 8`);
    expect(delivered()).not.toContain(`upsert note ${second}`);
    expect((await command('parked', 'adopt', row(third), '--target', '1000')).code).toBe(51);
    expect((await command('parked', 'retry', '--state', 'undecided', '--yes')).stdout).toContain('1 row');
    await run();
    await until(() => delivered().includes(`upsert note ${third}`), 'what a person wants to be made');
    expect(delivered()).toContain(`upsert note ${second}`);
  });

  it('tells what is no row from a row that is not there', async () => {
    const host = await run();
    for (const verb of ['show', 'retry', 'export', 'drop', 'adopt']) {
      const more = verb === 'drop' ? ['--yes'] : verb === 'adopt' ? ['--target', '1'] : [];
      const nonsense = await command('parked', verb, 'nonsense', ...more);
      expect([verb, nonsense.code, nonsense.stderr]).toEqual([
        verb,
        2,
        expect.stringContaining('"nonsense" is not a row'),
      ]);
    }
    expect((await command('parked', 'retry', '201/1/note')).code).toBe(2);
    for (const name of ['201/1/note/1', 'ID:no-such-message'])
      for (const args of [['show'], ['retry'], ['drop', '--yes']])
        expect([args, (await command('parked', args[0] ?? '', name, ...args.slice(1))).code]).toEqual([args, 51]);
    host.signal('SIGTERM');
    await host.ended;
  });

  it('tells how a host is, to commands by its socket and to monitoring by its port, and while none runs', async () => {
    const port = await freePort();
    configure({ status_port: String(port) });
    const host = await run();
    const { noteIds } = await incident(1);
    const socket = site.path('soar-feed.db.sock');
    expect(statSync(socket).mode & 0o777).toBe(0o600);

    const status = await command('status');
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toMatch(/^Running: process \d+, for \d+ s\.$/m);
    expect(status.stdout).toMatch(/^Queue: connected; 2 messages since the start, 0 in progress\.$/m);
    expect(status.stdout).toMatch(
      /^gated_feed\n  state up, lag -, .* delivered 1, skipped 0, superseded 0\n  dropped 0, parked 0, failed 1$/m,
    );
    expect(status.stdout).toMatch(/^gated_feed: 1 failed \[gate-shut\]$/m);

    const get = async (path: string, method = 'GET') => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return { status: response.status, text: await response.text() };
    };
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect((await get('/metrics')).text).toMatch(
      /^soar_feed_events_total\{feed="gated_feed",type="incident",result="created"\} 1$/m,
    );
    expect(JSON.parse((await get('/status')).text)).toMatchObject({ running: true, feeds: [{ name: 'gated_feed' }] });
    expect((await get('/parked/drop', 'POST')).status).toBe(404);
    simulator.broker.dropConnections();
    await simulator.broker.restart(4_000);
    await until(() => host.log.some((line) => line['event'] === 'queue.down'), 'the queue going away');
    expect(await get('/healthz')).toMatchObject({ status: 503, text: expect.stringContaining('the queue is') });

    host.signal('SIGTERM');
    expect((await host.ended).code).toBe(0);
    expect(site.has('soar-feed.db.sock')).toBe(false);
    const stopped = await command('status');
    expect(stopped.code).toBe(61);
    expect(stopped.stdout).toMatch(/^No host runs\.$/m);
    expect(stopped.stdout).toMatch(/^gated_feed +stopped +- +1 +0 +0 +0 +0 +1$/m);

    const retried = await command('parked', 'retry', '--incident', '0');
    expect(retried.stdout).toBe('Nothing was put back in line.\n');
    expect((await command('parked', 'retry')).stdout).toContain('the next host that runs tries them');
    rmSync(site.path('gate'));
    await run();
    await until(() => delivered().includes(`upsert note ${noteIds[0]}`), 'what was put back in line while no host ran');
  });

  it('replaces the socket of a host that was killed, and never that of one that lives', async () => {
    const killed = await run();
    killed.signal('SIGKILL');
    await killed.ended;
    hosts = [];
    expect(site.has('soar-feed.db.sock')).toBe(true);
    expect((await command('status')).stdout).toContain('No host runs.');
    await run();
    expect((await command('run')).code).toBe(40);
    expect((await command('status')).code).toBe(0);
  });

  it.each([
    ['a foreign database', () => site.write('soar-feed.db', 'not SQLite at all, but long enough'), 'store-not-sqlite'],
    ['no state at all', () => undefined, 'store-missing'],
  ])('ends with 40 on %s and leaves it alone', async (_, make, code) => {
    make();
    const before = site.has('soar-feed.db') ? site.read('soar-feed.db') : undefined;
    for (const args of [['status'], ['parked', 'list'], ['parked', 'retry']]) {
      expect(await command(...args)).toMatchObject({ code: 40, stderr: expect.stringContaining(`[${code}]`) });
    }
    expect(site.has('soar-feed.db') ? site.read('soar-feed.db') : undefined).toBe(before);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
