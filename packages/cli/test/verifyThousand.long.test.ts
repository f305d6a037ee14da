import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Drift, Repair, VerifyReport } from '@soar-feed/core/runtime';
import { compareOrgs, demoOrgs, Random, seedIncidents, startSimulator } from '@soar-feed/soar-simulator';
import type { SimOrg, Simulator } from '@soar-feed/soar-simulator';
import { DriftMaker } from './helpers/DriftMaker.js';
import type { ExpectedDrift } from './helpers/DriftMaker.js';
import { mirrorConfig } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(600_000);

const SEED = Number(process.env['SOAR_FEED_SEED'] ?? 1);
const INCIDENTS = 50;
const CHANGES = 1_000;
const READS_PER_OBJECT = 1.1;
const DEADLINE_MS = 580_000;

const name = ({ type, id, cause }: ExpectedDrift) => `${type} ${id} ${cause}`;
const nameOf = ({ key, cause }: Drift) => `${key.type} ${key.objectId} ${cause}`;

/** A host runs all the time and hears nothing of the changes; nothing but a repair writes. */
describe(`a thousand changes in either organization (seed ${SEED})`, () => {
  const { source, target } = demoOrgs();
  const random = new Random(SEED);
  let simulator: Simulator;
  let site: Site;
  let host: SoarFeed;
  let maker: DriftMaker;
  /** Ids in the target, by type and id of the source. */
  let there: ReadonlyMap<string, number>;

  const command = (...args: readonly string[]) => soarFeed(args, { cwd: site.folder, deadlineMs: DEADLINE_MS });
  const json = async <T>(...args: readonly string[]) => JSON.parse((await command(...args, '--json')).stdout) as T;
  const ask = () => [source, target].map(({ id }) => ({ ...simulator.requests.org(id) }));
  const writes = () => simulator.requests.org(target.id).writes;

  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [source, { ...target, feedQueue: false }] });
    site = new Site();
    seedIncidents(simulator.org(source.id), { incidents: INCIDENTS, seed: SEED, files: 0.08 });
    for (const incidentId of simulator.org(source.id).incidentIds()) fill(simulator.org(source.id), incidentId);
    simulator.org(source.id).setRules(false);
    const keys = { org: target.name, api_key_id: 'key-202', api_key_secret: 'secret-202', delete_incidents: 'true' };
    site.write('app.config', mirrorConfig(simulator, keys, { resilient: { org: source.name } }));
    expect((await command('reload', '--json')).code).toBe(0);
    host = new SoarFeed(['run'], { cwd: site.folder, deadlineMs: DEADLINE_MS });
    await host.event('host.ready');
    const { records } = await json<Mapped>('map');
    there = new Map(
      records.flatMap(({ key, ref, state }) =>
        state === 'active' && /^\d+$/.test(ref ?? '') ? [[`${key.type} ${key.objectId}`, Number(ref)] as const] : [],
      ),
    );
  });
  afterAll(async () => {
    host.signal('SIGTERM');
    await host.ended;
    site.remove();
    await simulator.stop();
  });

  it('are all found, with their causes, and nothing else is', async () => {
    maker = new DriftMaker(random, simulator.org(source.id), simulator.org(target.id), there);
    for (let number = 0; number < CHANGES; number += 1) maker.make(number % 2 === 0 ? 'source' : 'target');
    for (let number = 0; number < 10; number += 1) maker.bait();
    const before = ask();
    const report = await json<VerifyReport>('verify');
    expect([report.complete, report.faults]).toEqual([true, []]);
    const withFields = new Map(maker.expected.map((one) => [name(one), one.fields]));
    const found = report.drift.map((one) => {
      const fields = one.fields?.map((field) => field.name).sort();
      return withFields.get(nameOf(one)) === undefined ? nameOf(one) : `${nameOf(one)} ${fields?.join()}`;
    });
    const told = maker.expected.map((one) =>
      one.fields === undefined ? name(one) : `${name(one)} ${one.fields.join()}`,
    );
    expect(found.sort()).toEqual(told.sort());
    for (const [at, { total, writes: written }] of ask().entries()) {
      expect((total - (before[at]?.total ?? 0)) / report.objects).toBeLessThanOrEqual(READS_PER_OBJECT);
      expect(written).toBe(before[at]?.writes);
    }
  });

  it('are planned, repaired and equal then; nothing else is written', async () => {
    const { repairs } = await json<{ repairs: readonly Repair[] }>('repair', '--plan', '--deletes');
    const planned = repairs.flatMap(({ objects }) => objects.map(({ type, objectId }) => `${type} ${objectId}`));
    const here = maker.expected.filter(({ cause }) => cause !== 'extra');
    expect(planned.sort()).toEqual(here.map(({ type, id }) => `${type} ${id}`).sort());
    expect(repairs.reduce((sum, { deletes }) => sum + deletes, 0)).toBe(maker.expected.length - here.length);

    const before = writes();
    const { code, stdout } = await command('repair', '--deletes');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/compared again: equal\.$/m)]);
    // One for each, so none for anything else.
    expect(writes() - before).toBeLessThanOrEqual(maker.expected.length + maker.rewrites);
    expect(maker.rewrites).toBeLessThan(CHANGES / 10);

    const after = await json<VerifyReport>('verify');
    expect(after.drift).toEqual([]);
    const { missing, different } = compareOrgs(simulator.dump(source.id), simulator.dump(target.id));
    expect([missing, different]).toEqual([[], []]);
  });
});

interface Mapped {
  readonly records: readonly {
    readonly key: { readonly type: string; readonly objectId: number };
    readonly ref?: string;
    readonly state: string;
  }[];
}

/** More objects per incident than usual. */
function fill(org: SimOrg, incidentId: number): void {
  for (let number = 0; number < 3; number += 1) {
    const { id } = org.addNote({ incidentId }, `Note ${number}`);
    org.reply(id, `Reply ${number}`);
    const task = org.createTask(incidentId, { name: `Task ${number}` });
    org.addNote({ taskId: task.id }, `Task note ${number}`);
    org.addMilestone(incidentId, { title: `Milestone ${number}`, date: 1_700_000_000_000 });
    org.addArtifact(incidentId, { type: 'IP Address', value: `10.1.2.${number}` });
    org.addRow(incidentId, 'affected_hosts', { host: `host-${number}` });
  }
}
