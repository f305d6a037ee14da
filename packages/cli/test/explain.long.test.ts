import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { statSync } from 'node:fs';
import type { Simulator } from '@soar-feed/soar-simulator';
import type { Explanation } from '../src/explain/Facts.js';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(180_000);

/** One host runs all the time: every command works beside it. */
describe('map and explain beside a running host', () => {
  let simulator: Simulator;
  let site: Site;
  let host: SoarFeed;
  const ids = { fed: 0, note: 0, task: 0, taskNote: 0, filtered: 0, filteredNote: 0 };
  const targetOf = new Map<number, number>();

  beforeAll(async () => {
    simulator = await startPair();
    site = new Site();
    const org = simulator.org(201);
    org.setRules(false);
    ids.fed = org.createIncident({ name: '=HYPERLINK("http://evil")', discovered_date: 1_700_000_000_000 }).id;
    ids.note = org.addNote({ incidentId: ids.fed }, 'A note').id;
    ids.task = org.createTask(ids.fed, { name: 'Look' }).id;
    ids.taskNote = org.addNote({ taskId: ids.task }, 'A note of the task').id;
    ids.filtered = org.createIncident({ name: 'secret plan', discovered_date: 1_700_000_000_000 }).id;
    ids.filteredNote = org.addNote({ incidentId: ids.filtered }, 'hush').id;
    org.setRules(true);
    site.write('app.config', mirrorConfig(simulator, { matching_incident_fields: 'name != "secret plan"' }));
    const loaded = await command('reload', '--json');
    expect([loaded.code, loaded.stderr]).toEqual([0, expect.any(String)]);
    host = new SoarFeed(['run'], { cwd: site.folder, deadlineMs: 240_000 });
    await host.event('host.ready');
    for (const { key, ref } of await records()) if (ref !== undefined) targetOf.set(key.objectId, Number(ref));
  });
  afterAll(async () => {
    host.signal('SIGTERM');
    await host.ended;
    site.remove();
    await simulator.stop();
  });

  const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder });
  const records = async (...args: readonly string[]) =>
    (
      JSON.parse((await command('map', '--json', ...args)).stdout) as {
        records: { key: { type: string; objectId: number }; state: string; ref?: string; refIncident?: string }[];
      }
    ).records;
  const explained = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await command('explain', ...args, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return (JSON.parse(stdout) as { explanations: Explanation[] }).explanations;
  };

  it('lists the mapping, by either side, as a table, JSON and CSV', async () => {
    const mirror = simulator.org(301);
    const all = await records();
    expect(all.filter(({ state }) => state === 'active').map(({ key }) => key.type)).toEqual(
      expect.arrayContaining(['incident', 'note', 'task', 'note']),
    );
    expect(await records('--state', 'filtered')).toMatchObject([{ key: { type: 'incident', objectId: ids.filtered } }]);
    const [note] = await records('--type', 'note', '--id', String(ids.note));
    expect(mirror.note(Number(note?.ref)).text).toBe('A note');
    const back = await records('--type', 'note', '--target', String(note?.ref));
    expect(back.map(({ key }) => key.objectId)).toEqual([ids.note]);
    expect(await records('--target-incident', String(note?.refIncident))).toHaveLength(
      (await records('--incident', String(ids.fed))).length,
    );

    const table = await command('map', '--incident', String(ids.fed), '--limit', '2');
    expect(table).toMatchObject({ code: 0, stderr: 'There are more than 2: --limit shows more of them.\n' });
    expect(table.stdout).toContain('active');
    const csv = (await command('map', '--csv')).stdout.split('\r\n');
    expect(csv[0]).toBe('feed,organization,incident,type,id,state,incident there,id there,written,remarks');
    expect(csv).toContainEqual(
      expect.stringMatching(new RegExp(`^mirror,201,${ids.fed},note,${ids.note},active,\\d+,${note?.ref},20\\d\\d-`)),
    );
    expect(csv.slice(0, -1)).toHaveLength(all.length + 1);

    expect(await command('map', '--id', '999999')).toMatchObject({
      code: 53,
      stdout: 'No mapping has such an object.\n',
    });
    const typo = await command('map', '--feed', 'miror');
    expect(typo).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean mirror?') });
    expect((await command('map', '--id', 'x')).code).toBe(2);
  });

  it('explains what was delivered, from either side', async () => {
    const [note] = await explained('note', String(ids.note));
    expect(note?.verdict).toMatch(
      new RegExp(`^Delivered as note ${targetOf.get(ids.note)} of incident \\d+ in the target`),
    );
    expect(note).toMatchObject({ feed: 'mirror', askedAs: 'source', settled: { outcome: 'delivered' } });
    expect(note?.reloadedAtMs).toBeGreaterThan(0);
    const [back] = await explained('note', String(targetOf.get(ids.note)), '--side', 'target');
    expect(back).toMatchObject({ askedAs: 'target', key: { objectId: ids.note } });
    const text = (await command('explain', 'note', String(ids.note))).stdout;
    expect(text).toMatch(/^mirror: note \d+ of incident \d+ \(organization 201\)\n {2}Delivered as note /);
    expect(text).toMatch(/^ {2}Received: +by a reload \(reload:.*\), delivered on 20/m);
  });

  it('names the clause that keeps an incident out, and what differs, when it asks both servers', async () => {
    const writes = () => [201, 301].map((org) => simulator.requests.org(org).writes);
    const before = writes();
    const [unasked] = await explained('incident', String(ids.filtered));
    expect(unasked?.verdict).toContain('--ask names the clause');
    for (const object of [
      ['incident', String(ids.filtered)],
      ['note', String(ids.filteredNote)],
    ]) {
      const [answer] = await explained(...object, '--ask');
      expect(answer?.verdict).toBe(
        'Left out by design: matching_incident_fields: "name != "secret plan"" (the incident has "secret plan") does not hold.',
      );
    }
    const [equal] = await explained('note', String(ids.taskNote), '--ask');
    expect(equal?.now).toMatchObject({ source: 'there', comparison: { verdict: 'equal' } });
    const mirror = simulator.org(301);
    mirror.editNote(targetOf.get(ids.taskNote) ?? 0, 'Edited there');
    const [edited] = await explained('note', String(ids.taskNote), '--ask');
    expect(edited?.now?.comparison).toMatchObject({ verdict: 'differs', fields: [{ name: 'text' }] });
    expect(JSON.stringify(edited)).not.toContain('Edited there');
    mirror.deleteNote(targetOf.get(ids.note) ?? 0);
    const text = (await command('explain', 'note', String(ids.note), '--ask')).stdout;
    expect(text).toMatch(/^ {2}Target: +does not have it \(somebody deleted it in the target\)$/m);
    const after = writes();
    // The two changes by hand are no requests.
    expect(after).toEqual(before);
  });

  it('explains what waits and what failed, with the cause at the end of the chain', async () => {
    simulator.faults.add({ method: 'POST', path: '/incidents', org: 301, status: 400 });
    const org = simulator.org(201);
    const { id } = org.createIncident({ name: 'Refused there', discovered_date: 1_700_000_000_000 });
    const note = org.addNote({ incidentId: id }, 'Waits').id;
    await org.settled();
    await until(() => simulator.broker.depth('actions.201.feed_data') === 0, 'all messages acknowledged');
    const [failed] = await explained('incident', String(id));
    expect(failed?.verdict).toMatch(
      /^Not delivered yet: failed: .*400.* \(failed after 1 attempt\) \[.*\], parked since 20/,
    );
    const [waiting] = await explained('note', String(note));
    expect(waiting?.verdict).toMatch(
      new RegExp(`^Not delivered yet: waiting: waits for incident ${id}, parked since .*; that one is failed: `),
    );
  });

  it('says so when nobody knows an object, and asks the source if told where it belongs', async () => {
    const nobody = await command('explain', 'note', '999999');
    expect(nobody.code).toBe(53);
    expect(nobody.stdout).toContain('Nothing is known of note 999999');
    expect(nobody.stdout).toContain('"soar-feed map" lists what is known.');
    expect((await command('explain', 'nte', '999999')).stdout).toContain('Did you mean note?\n');
    const misplaced = (await command('explain', 'milestone', String(ids.taskNote))).stdout;
    expect(misplaced).toContain(`The mappings know note ${ids.taskNote} of incident ${ids.fed}`);
    expect((await command('map', '--type', 'incidnt', '--state', 'activ')).stderr).toBe(
      'Did you mean incident? Did you mean active?\n',
    );
    const org = simulator.org(201);
    org.setRules(false);
    const unheard = org.addNote({ incidentId: ids.fed }, 'No rule told of it').id;
    org.setRules(true);
    const [answer] = await explained('note', String(unheard), '--ask', '--incident', String(ids.fed));
    expect(answer?.verdict).toMatch(/^Never received: .*the last complete reload began on 20/);
    expect(answer?.now).toMatchObject({ source: 'there', comparison: { verdict: 'missing' } });
    expect((await command('explain', 'note', 'x')).code).toBe(2);
    expect((await command('explain', 'note')).code).toBe(2);
  });

  it('leaves the files of the host alone', async () => {
    const inode = statSync(site.path('sync.db')).ino;
    await records();
    expect(statSync(site.path('sync.db')).ino).toBe(inode);
    expect(host.log.filter(({ level }) => level === 'error')).toEqual([]);
    expect((await command('status')).code).toBe(0);
  });
});
