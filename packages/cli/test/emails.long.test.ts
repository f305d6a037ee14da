import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Simulator } from '@soar-feed/soar-simulator';
import { startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(120_000);

const HOSTILE = '<script>alert(1)</script><p onclick="x()">Hello</p>';

let simulator: Simulator;
let site: Site;

beforeEach(async () => {
  simulator = await startAcme({ orgs: [{ id: 201, name: 'Acme', feedPackage: false }] });
  site = new Site();
  site.makeFolder('files');
});

afterEach(async () => {
  await simulator.stop();
  site.remove();
});

function configure(feeds: Readonly<Record<string, string>>): void {
  const files = { class: 'FileFeed', directory: 'files' };
  const tables = { class: 'SQLiteFeed', file_name: 'objects.db' };
  site.write('app.config', appConfig(simulator, { feeds: { feed_names: 'files, tables', ...feeds }, files, tables }));
}

const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder });
const emails = (): readonly string[] => site.files('files').filter((name) => name.includes('_emailmessage_'));
const receive = (id: number, subject: string) =>
  simulator.org(201).receiveEmail(id, {
    from: { address: 'eve@example.com', name: 'Eve' },
    to: [{ address: 'soc@example.com' }],
    subject,
    body: HOSTILE,
    headers: { 'Message-ID': ['<1@example.com>'] },
  });

async function running(work: () => Promise<void>): Promise<SoarFeed> {
  const host = new SoarFeed(['run'], { cwd: site.folder });
  await host.event('host.ready');
  await work();
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);
  return host;
}

it('feeds e-mail messages where that is asked for: live, reloaded by either method, and deleted', async () => {
  configure({ emails: 'true' });
  const made = await command('customize', '--yes');
  expect(made.stdout).toMatch(/^make +rule +Data Feeder: Email Message$/m);
  const org = simulator.org(201);
  const { id } = org.createIncident({ name: 'With mail', discovered_date: 1 });
  await running(async () => {
    const first = receive(id, 'First');
    receive(id, 'Second');
    await until(() => emails().length === 2, 'both as files');
    const stored = JSON.parse(
      readFileSync(join(site.folder, 'files', `incident_${id}_emailmessage_${first.id}.json`), 'utf8'),
    ) as Record<string, unknown>;
    expect(stored).toMatchObject({ id: first.id, inc_id: id, subject: 'First', body: HOSTILE });
    org.deleteEmail(first.id);
    await until(() => emails().length === 1, 'the deleted one is gone');
  });

  // What the queue never brought comes with a reload, by either method; nothing is deleted for want of a reading.
  org.setRules(false);
  receive(id, 'Unseen');
  expect((await command('reload')).code).toBe(0);
  expect(emails()).toHaveLength(2);
  receive(id, 'Unseen, too');
  configure({ emails: 'true', reload_query_api_method: 'true' });
  expect((await command('reload')).code).toBe(0);
  expect(emails()).toHaveLength(3);
  simulator.behaviour.emailSearch = 'missing';
  expect((await command('reload')).code).toBe(0);
  expect(emails()).toHaveLength(3);
});

it.each([['search'], ['query']])(
  'goes on by %s where the source does not search e-mail messages, and says so once',
  async (method) => {
    configure({ emails: 'true', reload_query_api_method: String(method === 'query') });
    simulator.behaviour.emailSearch = 'refused';
    const org = simulator.org(201);
    for (const name of ['One', 'Two']) receive(org.createIncident({ name, discovered_date: 1 }).id, 'Unsearched');
    const { code, stdout, stderr } = await command('reload', '--log-format', 'json');
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`.match(/source\.no-emails/g)).toHaveLength(1);
    expect(site.files('files').filter((name) => name.startsWith('incident'))).toHaveLength(2);
    expect(emails()).toEqual([]);
  },
);

it('leaves them alone by default: no rule, no table, and a message that comes all the same is ignored', async () => {
  configure({ emails: 'true' });
  await command('customize', '--yes');
  configure({});
  const { id } = simulator.org(201).createIncident({ name: 'With mail', discovered_date: 1 });
  const host = await running(async () => {
    receive(id, 'Ignored');
    simulator.org(201).addNote({ incidentId: id }, 'after it');
    await until(() => site.files('files').some((name) => name.includes('_note_')), 'the note after it');
  });
  expect(emails()).toEqual([]);
  expect(host.log.filter(({ msg }) => String(msg).includes('e-mail messages are not fed'))).toHaveLength(1);
  expect((await command('customize', '--undo', '--yes')).stdout).toMatch(/^remove +rule +Data Feeder: Email Message$/m);
});
