import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Simulator } from '@soar-feed/soar-simulator';
import { fill, startAcme } from './helpers/acme.js';
import { appConfig, lineFeed, Site } from './helpers/Site.js';
import type { Sections } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(60_000);

const TO_FILES: Sections = { feeds: { feed_names: 'files' }, files: { class: 'file', directory: 'files' } };

describe('run', () => {
  let simulator: Simulator;
  let site: Site;
  beforeAll(async () => {
    const closed = [{ name: 'feed_data', principals: ['admin@example.com'] }];
    simulator = await startAcme({
      orgs: [
        { id: 201, name: 'Acme' },
        { id: 202, name: 'Closed', destinations: closed },
      ],
    });
    fill(simulator, 1);
  });
  afterAll(() => simulator.stop());
  beforeEach(() => {
    site = new Site();
    site.makeFolder('files');
  });
  afterEach(() => site.remove());

  it('is ready, reloads, feeds live changes, owns its state, and stops at SIGTERM with 0', async () => {
    site.write('app.config', appConfig(simulator, { ...TO_FILES, feeds: { feed_names: 'files', reload: 'true' } }));
    const host = new SoarFeed(['run', '--config', site.config]);
    await host.event('host.ready');
    expect(await host.event('reload.finished')).toMatchObject({ incidents: 1, objects: 2 });

    const { id } = simulator.org(201).createIncident({ name: 'Live', discovered_date: 1_700_000_000_000 });
    await until(() => site.has(`files/incident_${id}.json`), 'the live incident');

    const beside = await soarFeed(['run', '-c', site.config]);
    expect(beside.code).toBe(40);
    expect(beside.stderr).toMatch(/soar-feed\.db is in use by process \d+ .*\[store-held\]/);

    // A closed terminal ends nothing, even if it happens twice.
    for (let time = 0; time < 2; time += 1) host.signal('SIGHUP');
    expect(await host.event('host.hangup')).toMatchObject({
      level: 'info',
      msg: expect.stringContaining('read again'),
    });
    const after = simulator.org(201).createIncident({ name: 'After', discovered_date: 1_700_000_000_000 });
    await until(() => site.has(`files/incident_${after.id}.json`), 'the incident after the signal');

    host.signal('SIGTERM');
    const ended = await host.ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(host.log.at(-1)).toMatchObject({ level: 'info', event: 'host.stopped' });
    expect(ended.stdout).not.toContain('\r');
    expect(ended.stdout).not.toContain('secret-201');
  });

  it('waits at its start for a source that is in trouble', async () => {
    site.write('app.config', appConfig(simulator, TO_FILES));
    const fault = simulator.faults.add({ path: '/types', status: 500, body: '<html>Restarting</html>', times: 6 });
    const host = new SoarFeed(['run', '-c', site.config]);
    await host.event('host.ready');
    expect(fault.hits).toBe(6);
    expect(host.log.filter(({ msg }) => String(msg).startsWith('The start waits for the source'))).toHaveLength(2);
    host.signal('SIGTERM');
    expect(await host.ended).toMatchObject({ code: 0 });
  });

  it('writes for people when asked to, and ends at once at a second signal', async () => {
    site.addPackage('line-feed', { types: ['lines'], source: lineFeed('lines') });
    const feed = { class: 'lines', out: 'out.txt', hangs_on: 'note' };
    const feeds = { feed_names: 'stuck', target_packages: 'line-feed' };
    site.write('app.config', appConfig(simulator, { feeds, stuck: feed }));
    const host = new SoarFeed(['run', '-c', site.config, '--log-format', 'pretty']);
    await until(() => /INFO: Subscribed, will process\./.test(host.stdout), 'a line for people');
    const org = simulator.org(201);
    const { id } = org.createIncident({ name: 'Stuck', discovered_date: 1_700_000_000_000 });
    org.addNote({ incidentId: id }, 'never delivered');
    await until(() => site.has('out.txt') && site.read('out.txt').includes('stuck hangs'), 'the stuck note');
    host.signal('SIGINT');
    await until(() => host.stdout.includes('Stopping:'), 'the first signal');
    host.signal('SIGTERM');
    expect((await host.ended).code).toBe(128 + 15);
  });

  const refused: [string, number, Sections, (simulator: Simulator) => string[]][] = [
    [
      'wrong credentials',
      21,
      { resilient: { api_key_secret: 'not-the-secret' } },
      () => ['[resilient] api_key_id, api_key_secret: ', '401', '[unauthorized]'],
    ],
    [
      'a wrong organization',
      24,
      { resilient: { org: 'Acne' } },
      () => ['[resilient] org: ', '"Acne"', '"Acme" (id 201', '[org-not-found]'],
    ],
    [
      'an untrusted certificate',
      23,
      { resilient: { cafile: undefined } },
      ({ host }) => ['[resilient] cafile: ', `certificate of ${host}`, '`cafile`'],
    ],
    [
      'a cafile that is not there',
      22,
      { resilient: { cafile: '/no/such.pem' } },
      () => ['[resilient] cafile: ', '/no/such.pem'],
    ],
    [
      'a queue it may not read',
      32,
      { resilient: { org: 'Closed', api_key_id: 'key-202', api_key_secret: 'secret-202' } },
      () => ['actions.202.feed_data', '[queue-not-authorized]'],
    ],
  ];
  it.each(refused)('says what is wrong with %s and ends with %d', async (_, code, sections, words) => {
    site.write('app.config', appConfig(simulator, { ...TO_FILES, ...sections }));
    const ended = await soarFeed(['run', '-c', site.config]);
    expect(ended.code).toBe(code);
    for (const word of words(simulator)) expect(ended.stderr).toContain(word);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended.stdout + ended.stderr).not.toContain('not-the-secret');
  });

  it('reports every problem of the file at once, and no secret', async () => {
    const sections: Sections = {
      resilient: { port: 'many', api_key_id: undefined, org: undefined, stomp_port: '0' },
      feeds: { feed_names: 'files,gone', reload: 'ture', workspaces: '“Default”: ["files"]' },
      files: { class: 'nosuch' },
    };
    site.write('app.config', appConfig(simulator, sections));
    const ended = await soarFeed(['run', '-c', site.config]);
    expect(ended.code).toBe(3);
    for (const word of [
      'found "many"',
      '[resilient] api_key_id: is missing',
      'stomp_port',
      '[gone]',
      '"ture"',
      'workspaces',
    ]) {
      expect(ended.stderr).toContain(word);
    }
    expect(ended.stderr).not.toContain('secret-201');
    expect(site.has('soar-feed.db')).toBe(false);
  });

  it('names each target package it cannot use and ends with 4', async () => {
    site.addPackage('torn-feed', { types: ['torn'], source: "import 'not-installed-anywhere';" });
    site.addPackage('old-feed', { types: ['old'], contract: 7 });
    site.addPackage('twin-a', { types: ['twin'] });
    site.addPackage('twin-b', { types: ['twin'] });
    site.write(
      'package.json',
      JSON.stringify({ dependencies: { 'torn-feed': '*', 'old-feed': '*', 'twin-a': '*', 'twin-b': '*' } }),
    );
    const feeds = { feed_names: 'a,b,c,d' };
    const classes = { a: { class: 'torn' }, b: { class: 'old' }, c: { class: 'nosuch' }, d: { class: 'twin' } };
    site.write('app.config', appConfig(simulator, { feeds, ...classes }));
    const ended = await soarFeed(['run', '-c', site.config]);
    expect(ended.code).toBe(4);
    for (const word of [
      '[a] class',
      'not-installed-anywhere',
      '[b] class',
      'contract 7',
      '[c] class',
      '[d] class',
      'twin-b',
    ]) {
      expect(ended.stderr).toContain(word);
    }
  });

  it('starts from the file that $APP_CONFIG_FILE names, with secrets from the environment', async () => {
    site.write(
      'elsewhere.config',
      appConfig(simulator, { ...TO_FILES, resilient: { api_key_secret: '$SOAR_SECRET' } }),
    );
    const env = { APP_CONFIG_FILE: site.path('elsewhere.config'), SOAR_SECRET: 'wrong-from-environment' };
    const ended = await soarFeed(['run'], { env });
    expect(ended.code).toBe(21);
    expect(readFileSync(site.path('elsewhere.config'), 'utf8')).toContain('$SOAR_SECRET');
    expect(ended.stdout + ended.stderr).not.toContain('wrong-from-environment');
  });
});
