import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { VerifyReport } from '@soar-feed/core/runtime';
import type { Simulator } from '@soar-feed/soar-simulator';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(180_000);

const HOSTILE = '"><script>alert(1)</script>\r\nBcc: all@example.com';

let simulator: Simulator;
let site: Site;

beforeEach(async () => {
  simulator = await startPair({
    orgs: [
      { id: 201, name: 'Acme', feedPackage: false },
      { id: 301, name: 'Mirror', feedQueue: false },
    ],
  });
  site = new Site();
});

afterEach(async () => {
  await simulator.stop();
  site.remove();
});

const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder, deadlineMs: 60_000 });
const writes = () => simulator.requests.org(301).writes;

it.each(['notes', 'attachments'])(
  'e-mail messages are %s of a replica: live, reloaded, deleted, verified',
  async (emails) => {
    const configure = (feeds: Record<string, string> = {}) =>
      site.write('app.config', mirrorConfig(simulator, { emails }, { feeds: { emails: 'true', ...feeds } }));
    configure();
    expect((await command('customize', '--yes')).code).toBe(0);
    const [org, mirror] = [simulator.org(201), simulator.org(301)];
    const { id } = org.createIncident({ name: 'With mail', discovered_date: 1 });
    const receive = (subject: string) =>
      org.receiveEmail(id, { from: { address: 'eve@example.com' }, subject, body: `<p>${HOSTILE}</p>` });
    const standing = () => {
      const [copyId] = mirror.incidentIds();
      if (copyId === undefined) return [];
      if (emails === 'attachments') return mirror.attachments({ incidentId: copyId });
      return mirror.notes({ incidentId: copyId }).filter(({ text }) => JSON.stringify(text).includes('E-mail message'));
    };

    const host = new SoarFeed(['run'], { cwd: site.folder });
    await host.event('host.ready');
    const first = receive('First');
    const second = receive(HOSTILE);
    await until(() => standing().length === 2, 'both in the replica');
    expect(JSON.stringify(standing())).not.toContain('<script');
    org.deleteEmail(first.id);
    await until(() => standing().length === 1, 'the deleted one is gone');
    host.signal('SIGTERM');
    expect((await host.ended).code).toBe(0);

    // What the queue never brought comes with a reload, by either method, and once.
    org.setRules(false);
    const unseen = receive('Unseen');
    const before = writes();
    const planned = await command('plan', String(id), '--json');
    expect([planned.code, writes()]).toEqual([0, before]);
    expect(planned.stdout).toContain(emails === 'notes' ? `E-mail message ${unseen.id}` : `Unseen (${unseen.id}).eml`);
    expect((await command('reload')).code).toBe(0);
    expect([standing().length, writes()]).toEqual([2, before + 1]);
    expect((await command('reload')).code).toBe(0);
    configure({ reload_query_api_method: 'true' });
    expect((await command('reload')).code).toBe(0);
    expect([standing().length, writes()]).toEqual([2, before + 1]);

    const verified = async () => {
      const { code, stdout } = await command('verify', '--json');
      expect(code).toBe(0);
      return JSON.parse(stdout) as VerifyReport;
    };
    expect((await verified()).feeds['mirror']).toMatchObject({ equal: 3, leftOut: 0 });
    // Where the source shows them no more, nothing is concluded from that.
    simulator.behaviour.emailSearch = 'missing';
    expect((await verified()).feeds['mirror']).toMatchObject({
      ...{ equal: 1, extra: 0, leftOut: 2 },
      reasons: { 'the source does not show this e-mail message, which proves nothing': 2 },
    });

    const { records } = JSON.parse((await command('map', '--type', 'emailmessage', '--json')).stdout) as {
      records: { key: { type: string; objectId: number }; state: string; ref?: string }[];
    };
    expect(records.map(({ key, state }) => [key.type, key.objectId, state])).toEqual([
      ['emailmessage', first.id, 'deleted'],
      ['emailmessage', second.id, 'active'],
      ['emailmessage', unseen.id, 'active'],
    ]);
    const { ref = '' } = records[2] ?? {};
    for (const asked of [
      ['emailmessage', String(unseen.id), '--side', 'source'],
      [emails.slice(0, -1), ref, '--side', 'target'],
    ]) {
      const { code, stdout } = await command('explain', ...asked, '--json');
      expect(code).toBe(0);
      const { explanations } = JSON.parse(stdout) as { explanations: { key: { type: string; objectId: number } }[] };
      expect(explanations.map(({ key }) => [key.type, key.objectId])).toEqual([['emailmessage', unseen.id]]);
    }
  },
);
