import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { compareOrgs, demoOrgs, runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import type { DumpIncident, SimOrg } from '@soar-feed/soar-simulator';
import { caughtUp, IDENTICAL, replicaBench, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(240_000);

/** How long no request may be made before the hosts count as silent, ms. */
const SILENT_MS = 1_500;

/** One direction: which host feeds from where to where. */
interface Direction extends ReplicaBench {
  readonly host: FeedHost;
}

const benches: ReplicaBench[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0).reverse()) await bench.stop();
});

/** Two hosts that feed two organizations into each other, both with references. */
async function bothWays(): Promise<readonly [Direction, Direction]> {
  const { schema } = demoOrgs().source;
  const references = (['df_org_id', 'df_inc_id'] as const).map((name) => ({ name, inputType: 'number' as const }));
  const incidentFields = [...references, { name: 'df_host', inputType: 'text' as const }];
  const source = { schema: { ...schema, incidentFields: [...incidentFields, ...(schema?.incidentFields ?? [])] } };
  const there = await replicaBench({ source });
  benches.push(there);
  const back = await replicaBench({ oppositeTo: there });
  benches.push(back);
  const [first, second] = [await there.makeHost(), await back.makeHost()];
  await first.start();
  await second.start();
  return [
    { ...there, host: first },
    { ...back, host: second },
  ];
}

const reference = ({ labels }: DumpIncident, name: string): unknown =>
  (labels['properties'] as Readonly<Record<string, unknown>>)[name] ?? null;

const originals = (org: SimOrg): readonly DumpIncident[] =>
  org.dump().incidents.filter((incident) => reference(incident, 'df_org_id') === null);

/** The org as seen by people who work on what was made there and leave replicas alone. */
function ownDesk(org: SimOrg): SimOrg {
  return Object.assign(Object.create(org) as SimOrg, { incidentIds: () => originals(org).map(({ id }) => id) });
}

/** Both queues are empty, both hosts are at rest, and nobody sends requests to the platform any more. */
async function silent(directions: readonly Direction[]): Promise<void> {
  const { simulator } = directions[0] as Direction;
  let [total, since] = [-1, Date.now()];
  await until(
    'both fall silent',
    async () => {
      for (const each of directions) await caughtUp(each, each.host);
      if (simulator.requests.total !== total) [total, since] = [simulator.requests.total, Date.now()];
      return Date.now() - since >= SILENT_MS;
    },
    90_000,
    () => directions.map(({ host }) => host.status()),
  );
}

/** How often the target has each original of the source, and what has no original or came back. */
function replicasOf({ source, target }: Direction): { readonly counts: readonly number[]; readonly echoes: number } {
  const ids = originals(source).map(({ id }) => id);
  const replicas = target.dump().incidents.filter((each) => reference(each, 'df_org_id') === source.id);
  const counts = ids.map((id) => replicas.filter((each) => reference(each, 'df_inc_id') === id).length);
  return { counts, echoes: replicas.filter((each) => !ids.includes(Number(reference(each, 'df_inc_id')))).length };
}

/** As `compared`, but only for what was made in the source. */
function comparedOriginals({ simulator, source, target }: Direction) {
  const { missing, doubled, different } = compareOrgs(simulator.dump(source.id), simulator.dump(target.id), {
    expected: (incident) => reference(incident, 'df_org_id') === null,
    ownOfTarget: (incident) => reference(incident, 'df_org_id') === null,
  });
  return { missing, doubled, different };
}

function expectEachOnce(directions: readonly Direction[]): void {
  for (const direction of directions) {
    const { counts, echoes } = replicasOf(direction);
    expect(counts.length).toBeGreaterThan(3);
    expect(new Set(counts)).toEqual(new Set([1]));
    expect(echoes).toBe(0);
    expect(direction.target.incidentIds()).toHaveLength(counts.length + originals(direction.target).length);
    expect(direction.host.status()).toMatchObject({
      feeds: [{ state: 'up', parked: { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 } }],
    });
  }
}

describe('two hosts in opposite directions', () => {
  it('replicate what was made on each side, fall silent, and find nothing to do when all is loaded anew', async () => {
    const directions = await bothWays();
    for (const { source } of directions) seedIncidents(source, { incidents: 4, seed: source.id, messages: true });
    await Promise.all(
      directions.map(({ source }) => runWorkload(ownDesk(source), { operations: 100, seed: source.id, perSecond: 40 })),
    );
    await silent(directions);
    expectEachOnce(directions);
    for (const direction of directions) expect(comparedOriginals(direction)).toEqual(IDENTICAL);
    const { simulator } = directions[0];
    const { writes } = simulator.requests;

    for (const { host } of directions) await host.reload(host.wholeRange());
    await silent(directions);
    expect(simulator.requests.writes).toBe(writes);
    expectEachOnce(directions);
  });

  it('fall silent, too, when people work on the replicas as well', async () => {
    const directions = await bothWays();
    for (const { source } of directions) seedIncidents(source, { incidents: 4, seed: source.id, messages: true });
    await silent(directions);
    await Promise.all(
      directions.map(({ source }) => runWorkload(source, { operations: 100, seed: source.id, perSecond: 40 })),
    );
    await silent(directions);
    // A replica that somebody deleted comes back with the next change of its original.
    for (const { source } of directions)
      for (const { id } of originals(source)) source.updateIncident(id, { description: `Looked at, ${id}` });
    await silent(directions);
    expectEachOnce(directions);
  });
});
