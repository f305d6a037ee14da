import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readdirSync } from 'node:fs';
import type { CheckLine } from '@soar-feed/core/runtime';
import type { Simulator } from '@soar-feed/soar-simulator';
import { startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import type { Sections } from './helpers/Site.js';
import { soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(60_000);

const TO_FILES: Sections = { feeds: { feed_names: 'files' }, files: { class: 'file', directory: 'files' } };

describe('check', () => {
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
    simulator.requests.reset();
  });
  afterEach(() => {
    simulator.faults.clear();
    site.remove();
  });

  /** The lines by subject (a target's by its feed's name), and the exit code. */
  async function check(
    sections: Sections,
  ): Promise<{ code: number | null; lines: Readonly<Record<string, CheckLine>> }> {
    site.write('app.config', appConfig(simulator, sections));
    const { code, stdout } = await soarFeed(['check', '--json', '-c', site.config]);
    const { lines } = JSON.parse(stdout) as { lines: CheckLine[] };
    return { code, lines: Object.fromEntries(lines.map((line) => [line.feed ?? line.subject, line])) };
  }

  it('says that everything stands, and writes nothing anywhere', async () => {
    const mirror = {
      class: 'ResilientFeed',
      host: simulator.host,
      port: String(simulator.restPort),
      org: 'Mirror',
      api_key_id: 'key-301',
      api_key_secret: 'secret-301',
      cafile: simulator.caFile,
      sqlite_sync_file: 'sync.db',
    };
    site.write('app.config', appConfig(simulator, { ...TO_FILES, feeds: { feed_names: 'files,mirror' }, mirror }));
    const ended = await soarFeed(['check'], { cwd: site.folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^ok {4}source +Acme \(id 201\) on .* as API key key-201$/m);
    expect(ended.stdout).toMatch(/^ok {4}destination +feed_data, and key-201 may read it$/m);
    expect(ended.stdout).toMatch(/^ok {4}target files +/m);
    expect(ended.stdout).toMatch(/^ok {4}target mirror +.*Mirror/m);
    expect(ended.stdout).toMatch(/^Ready to run\.$/m);
    expect(readdirSync(site.folder).sort()).toEqual(['app.config', 'files']);
    expect(readdirSync(site.path('files'))).toEqual([]);
    expect(simulator.requests.writes).toBe(0);
    expect(simulator.org(301).incidentIds()).toEqual([]);
  });

  it('goes on after a fault, and says of each what to do', async () => {
    site.addPackage('mute-feed');
    const { code, lines } = await check({
      feeds: {
        feed_names: 'lost,mute',
        queue: 'no_such_queue',
        reload_types: 'incident,artefact',
        state_db: 'no/folder/state.db',
        target_packages: 'mute-feed',
      },
      lost: { class: 'file', directory: 'no-such-folder' },
      mute: { class: 'mute-feed', out: 'out.txt' },
    });
    expect(code).toBe(40); // the first fault that was met
    expect(lines['state']).toMatchObject({ state: 'fail', code: 'store-folder-missing' });
    expect(lines['types']).toMatchObject({ state: 'warn', detail: expect.stringContaining('artefact') });
    expect(lines['queue']).toMatchObject({ state: 'ok' });
    expect(lines['destination']).toMatchObject({
      state: 'fail',
      code: 'queue-missing',
      detail: expect.stringContaining('feed_data'),
    });
    expect(lines['lost']).toMatchObject({ state: 'fail', code: 'target-down' });
    expect(lines['mute']).toMatchObject({ state: 'warn' });
    expect(site.has('out.txt')).toBe(false);
  });

  it('tells a refused login, and still looks at the targets', async () => {
    const { code, lines } = await check({ ...TO_FILES, resilient: { api_key_secret: 'wrong' } });
    expect(code).toBe(21);
    expect(lines['source']).toMatchObject({
      state: 'fail',
      code: 'unauthorized',
      advice: expect.stringContaining('API key'),
    });
    expect(lines['source']?.detail).toMatch(/^\[resilient\] api_key_id, api_key_secret: .*401/);
    expect(lines['queue']).toMatchObject({ state: 'fail', code: 'queue-login-refused' });
    expect(lines['queue']?.detail).toMatch(/^\[resilient\] api_key_id, api_key_secret: /);
    expect(lines['files']).toMatchObject({ state: 'ok' });
  });

  it('tells an untrusted certificate by host and key', async () => {
    const { code, lines } = await check({ ...TO_FILES, resilient: { cafile: undefined } });
    expect(code).toBe(23);
    expect(lines['source']?.detail).toContain(`certificate of ${simulator.host}`);
    expect(lines['source']?.detail).toMatch(/^\[resilient\] cafile: .*`cafile`/);
    expect(lines['queue']?.detail).toMatch(/^\[resilient\] cafile: /);
  });

  it.each([
    [{ api_key_secret: 'wrong' }, '[mirror] api_key_id, api_key_secret: ', '401'],
    [
      { api_key_id: undefined, api_key_secret: undefined, email: 'a@example.com', password: 'wrong' },
      '[mirror] email, password: ',
      '401',
    ],
    [{ cafile: undefined }, '[mirror] cafile: ', 'is not signed'],
    [{ cafile: '/no/such.pem' }, '[mirror] cafile: ', '/no/such.pem'],
    [{ org: 'Miror' }, '[mirror] org: ', 'Miror'],
    [{ port: '1' }, '[mirror] host, port: ', 'refused'],
  ])('names section and keys of a target that cannot be used: %j', async (keys, place, words) => {
    const mirror = {
      ...{ class: 'resilient', host: simulator.host, port: String(simulator.restPort), org: 'Mirror' },
      ...{ api_key_id: 'key-301', api_key_secret: 'secret-301', cafile: simulator.caFile, sqlite_sync_file: 'sync.db' },
      ...keys,
    };
    const { code, lines } = await check({ feeds: { feed_names: 'mirror' }, mirror });
    expect(code).toBe(60);
    expect(lines['mirror']).toMatchObject({ state: 'fail', code: 'target-down' });
    expect(lines['mirror']?.detail).toContain(place);
    expect(lines['mirror']?.detail).toContain(words);
  });

  it('tells a broker that is away from a source that is there', async () => {
    simulator.faults.add({ path: '/message_destinations', status: 403 });
    const { code, lines } = await check({ ...TO_FILES, resilient: { stomp_port: '1' } });
    expect(code).toBe(30);
    expect(lines['source']).toMatchObject({ state: 'ok' });
    expect(lines['queue']).toMatchObject({
      state: 'fail',
      code: 'connection-refused',
      detail: expect.stringContaining(`${simulator.host}:1`),
    });
    expect(lines['destination']).toMatchObject({ state: 'ok', detail: expect.stringContaining('not visible') });
  });

  it('tells faults of the file from faults of packages', async () => {
    const packages = await check({ feeds: { feed_names: 'a' }, a: { class: 'nosuch' } });
    expect(packages).toMatchObject({ code: 4, lines: { packages: { state: 'fail' } } });
    const file = await check({ feeds: { feed_names: 'a' }, a: { class: 'file', max_content: 'much' } });
    expect(file).toMatchObject({
      code: 3,
      lines: { config: { state: 'fail', detail: expect.stringContaining('"much"') } },
    });
  });
});
