import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import type { OrgOptions, SimOrg } from '@soar-feed/soar-simulator';
import { caughtUp, replicaBench, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

// Two hosts, two servers and two databases: slow on a busy machine.
jest.setTimeout(120_000);

const SILENT_MS = 1_000;

type FieldType = 'number' | 'text';

/** An organization with or without the reference fields, whatever their type. */
function org(id: number, references?: FieldType): OrgOptions {
  const fields = (['df_org_id', 'df_inc_id'] as const).map((name) => ({ name, inputType: references ?? 'text' }));
  return {
    id,
    name: `Organization ${id}`,
    incidentDeletionAllowed: true,
    apiKeys: [
      { keyId: `key-${id}`, secret: `secret-${id}` },
      { keyId: `writer-${id}`, secret: 'pass' },
    ],
    users: [{ email: `analyst@example.com` }, { email: `feed-${id}@example.com`, password: 'pass' }],
    schema: {
      incidentFields: references === undefined ? [] : [...fields, { name: 'df_host', inputType: 'text' }],
    },
  };
}

const benches: ReplicaBench[] = [];
const hosts: { readonly bench: ReplicaBench; readonly host: FeedHost }[] = [];

afterEach(async () => {
  hosts.splice(0);
  for (const bench of benches.splice(0).reverse()) await bench.stop();
});

interface Sides {
  readonly there: readonly string[];
  readonly back: readonly string[];
  readonly references?: FieldType;
  /** Options of the login in the target. */
  readonly thereTo?: readonly string[];
  readonly backTo?: readonly string[];
}

/** Incidents on both sides, then a host in either direction. */
async function bothWays({
  there,
  back,
  thereTo = [],
  backTo = [],
  references,
}: Sides): Promise<readonly [SimOrg, SimOrg]> {
  const absent = ['sync_reference_fields='];
  const [source, target] = [org(201, references), org(202, references)];
  const first = await replicaBench({
    source,
    target,
    resilient: there,
    resilientFeed: [...absent, ...there, ...thereTo],
  });
  benches.push(first);
  const second = await replicaBench({
    ...{ oppositeTo: first, source: target, target: source },
    ...{ resilient: back, resilientFeed: [...absent, ...back, ...backTo] },
  });
  benches.push(second);
  for (const each of [first.source, first.target])
    for (const name of ['One', 'Two']) each.createIncident({ name: `${name} of ${each.id}`, discovered_date: 1 });
  for (const bench of benches) {
    const host = await bench.makeHost();
    hosts.push({ bench, host });
    await host.start();
  }
  return [first.source, first.target];
}

async function silent(): Promise<void> {
  const { simulator } = hosts[0]?.bench ?? {};
  let [total, since] = [-1, Date.now()];
  await until(
    'both fall silent',
    async () => {
      for (const { bench, host } of hosts) await caughtUp(bench, host);
      const now = simulator?.requests.writes ?? 0;
      if (now !== total) [total, since] = [now, Date.now()];
      return Date.now() - since >= SILENT_MS;
    },
    60_000,
    () => hosts.map(({ host }) => host.status()),
  );
}

const names = (each: SimOrg): readonly string[] =>
  each
    .incidents()
    .map(({ name }) => name)
    .sort();

const SPELLED = { there: ['host=127.0.0.1'], back: ['host=localhost'] };
const writer = (id: number): readonly string[] => [`api_key_id=writer-${id}`, 'api_key_secret=pass'];
const person = (id: number): readonly string[] => [
  ...['api_key_id=', 'api_key_secret='],
  ...[`email=feed-${id}@example.com`, 'password=pass'],
];

describe('two hosts in opposite directions come to rest, each incident once on either side', () => {
  it.each<[string, Sides]>([
    ['references as numbers, the server named in two ways', { ...SPELLED, references: 'number' }],
    ['references as text, the server named in two ways', { ...SPELLED, references: 'text' }],
    ['no reference fields', SPELLED],
    [
      'no reference fields, each host has accounts of its own',
      { ...SPELLED, thereTo: writer(202), backTo: writer(201) },
    ],
    [
      'reference fields, and neither host fills them',
      {
        there: ['sync_reference_fields=false'],
        back: ['sync_reference_fields=false'],
        references: 'number',
      },
    ],
  ])('%s', async (_name, sides) => {
    const [one, other] = await bothWays(sides);
    const originals = ['One of 201', 'One of 202', 'Two of 201', 'Two of 202'];
    for (const { host } of hosts) await host.reload(host.wholeRange());
    await silent();
    expect([names(one), names(other)]).toEqual([originals, originals]);

    one.createIncident({ name: 'Late', discovered_date: 2 });
    other.createIncident({ name: 'Late', discovered_date: 2 });
    await silent();
    for (const each of [one, other]) each.updateIncident(each.incidentIds()[0] ?? 0, { name: 'One, edited' });
    await silent();
    for (const { host } of hosts) await host.reload(host.wholeRange());
    await silent();
    const all = ['Late', 'Late', 'One, edited', 'One, edited', 'Two of 201', 'Two of 202'];
    expect([names(one), names(other)]).toEqual([all, all]);
    for (const { host } of hosts)
      expect(host.status()).toMatchObject({
        feeds: [{ state: 'up', parked: { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 } }],
      });
  });

  it('a person’s account writes and no references tell: what was sent back once is not again', async () => {
    const [one, other] = await bothWays({ ...SPELLED, thereTo: person(202), backTo: person(201) });
    for (const { host } of hosts) await host.reload(host.wholeRange());
    await silent();
    const counts = () => [one, other].map((each) => each.incidentIds().length);
    // Each of the four, and at most what was under way before its first note was recognized.
    for (const count of counts()) expect(count).toBeLessThanOrEqual(12);
    const before = counts();
    for (const { bench } of hosts)
      expect(bench.log.lines.some(({ fields }) => fields?.event === 'target.loop')).toBe(true);
    one.createIncident({ name: 'Late', discovered_date: 2 });
    await silent();
    expect(counts()).toEqual(before.map((count) => count + 1));
  });
});
