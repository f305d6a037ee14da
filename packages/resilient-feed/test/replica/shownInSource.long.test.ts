import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '@soar-feed/core';
import type { FeedHost } from '@soar-feed/core/runtime';
import { demoOrgs } from '@soar-feed/soar-simulator';
import type { OrgOptions } from '@soar-feed/soar-simulator';
import { KnexFeedStore } from '@soar-feed/store';
import { caughtUp, compared, IDENTICAL, replicaBench, until } from './replicaBench.js';
import type { ReplicaBench, ReplicaBenchOptions } from './replicaBench.js';

jest.setTimeout(120_000);

const LINK = 'soar_feed_resilient_feed_link';
const STATE = 'soar_feed_resilient_feed_state';
const SYNCED = 'soar_feed_resilient_feed_synced';
const FIELDS = [
  { name: LINK, inputType: 'text' },
  { name: STATE, inputType: 'text' },
  { name: SYNCED, inputType: 'datetimepicker' },
] as const;

/** Longer than an incident has to rest before it is looked at, and than a round of looks. */
const RESTED_MS = 4_500;

const benches: ReplicaBench[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0).reverse()) await bench.stop();
});

function withFields(org: OrgOptions): OrgOptions {
  return { ...org, schema: { ...org.schema, incidentFields: [...(org.schema?.incidentFields ?? []), ...FIELDS] } };
}

async function shownBench(options: ReplicaBenchOptions = {}): Promise<ReplicaBench> {
  const bench = await replicaBench({
    source: withFields(demoOrgs().source),
    ...options,
    resilientFeed: ['show_in_source=true', ...(options.resilientFeed ?? [])],
  });
  benches.push(bench);
  return bench;
}

async function started(bench: ReplicaBench): Promise<FeedHost> {
  const host = await bench.makeHost();
  await host.start();
  return host;
}

const shown = ({ source }: ReplicaBench, id: number): Record<string, unknown> => {
  const properties = source.incident(id).properties as Record<string, unknown>;
  return Object.fromEntries([LINK, STATE, SYNCED].map((name) => [name, properties[name] ?? null]));
};

/** What the host wrote into incidents of the source, by whatever method. */
const writes = ({ simulator, source }: ReplicaBench): number =>
  simulator.requests.log.filter(
    ({ org, method, path }) =>
      org === source.id && (method === 'PATCH' || method === 'PUT') && /incidents\/\d+$/.test(path),
  ).length;

/** Waits until what is owed has been shown, and a while longer. */
async function rested(bench: ReplicaBench, host: FeedHost): Promise<void> {
  await caughtUp(bench, host);
  await sleep(RESTED_MS);
  await caughtUp(bench, host);
}

describe('an incident of the source shows its replica', () => {
  it('is shown nothing by a host whose place another one may have taken', async () => {
    const bench = await shownBench();
    const host = await started(bench);
    bench.source.createIncident({ name: 'Shown later', discovered_date: 1 });
    await caughtUp(bench, host);
    const inDoubt = new StoreError('nobody can see whose the state is', { code: 'store-unreachable' });
    const doubt = jest.spyOn(KnexFeedStore.prototype, 'assertOurs').mockRejectedValue(inDoubt);
    await sleep(RESTED_MS);
    expect(doubt).toHaveBeenCalled();
    expect(writes(bench)).toBe(0);
    doubt.mockRestore();
    await until('it is shown', () => writes(bench) > 0);
  });

  it('writes once for a burst of changes, and nothing for its own message', async () => {
    const bench = await shownBench();
    const host = await started(bench);
    const { id } = bench.source.createIncident({ name: 'Shown', discovered_date: 1 });
    for (let at = 0; at < 20; at++) bench.source.addNote({ incidentId: id }, `note ${at}`);
    bench.source.createTask(id, { name: 'Task' });
    await until('it is shown', () => writes(bench) > 0);
    await rested(bench, host);

    const replica = bench.target.incidents()[0]?.id ?? 0;
    const { host: address, restPort } = bench.simulator;
    expect(shown(bench, id)).toEqual({
      [LINK]: `https://${address}:${restPort}/#incidents/${replica}`,
      [STATE]: 'Up to date',
      [SYNCED]: expect.any(Number),
    });
    expect(writes(bench)).toBe(1);
    const before = bench.simulator.requests.org(bench.target.id).writes;
    const counts = host.status().feeds[0]?.counts;

    bench.source.updateIncident(id, { description: 'changed' });
    await until('it is shown', () => writes(bench) > 1);
    await rested(bench, host);
    expect(writes(bench)).toBe(2);
    // The replica got the change, and no event was made of what the feed wrote itself.
    expect(bench.simulator.requests.org(bench.target.id).writes).toBe(before + 1);
    expect(host.status().feeds[0]?.counts.delivered).toBe((counts?.delivered ?? 0) + 1);
    expect(compared(bench)).toEqual(IDENTICAL);
  });

  it('writes nothing where nothing changed: a reload, and a start', async () => {
    const bench = await shownBench();
    const ids = [1, 2, 3].map((at) => bench.source.createIncident({ name: `Old ${at}`, discovered_date: 1 }).id);
    const host = await started(bench);
    await host.reload(host.wholeRange());
    await until('all are shown', () => ids.every((id) => shown(bench, id)[STATE] === 'Up to date'));
    await rested(bench, host);
    expect(writes(bench)).toBe(3);

    await host.reload(host.wholeRange());
    await rested(bench, host);
    await host.stop();
    const next = await started(bench);
    await rested(bench, next);
    expect(writes(bench)).toBe(3);
  });

  it('writes once for each incident of a reload, also where a target takes every message for a change', async () => {
    const { source: org } = demoOrgs();
    const names = FIELDS.map(({ name, inputType }) => ({ name: name.replace('resilient_feed', 'archive'), inputType }));
    const schema = { ...org.schema, incidentFields: [...(org.schema?.incidentFields ?? []), ...FIELDS, ...names] };
    const bench = await shownBench({
      source: { ...org, schema },
      feeds: ['feed_names=resilient_feed,archive'],
      sections: ['[archive]\nclass=FileFeed\ndirectory={folder}\nshow_in_source=true'],
    });
    bench.source.setRules(false);
    const ids = [1, 2, 3].map((at) => bench.source.createIncident({ name: `Old ${at}`, discovered_date: 1 }).id);
    bench.source.setRules(true);
    const host = await started(bench);
    await host.reload(host.wholeRange());
    await until('all are shown', () => ids.every((id) => shown(bench, id)[STATE] === 'Up to date'));
    await rested(bench, host);
    expect(writes(bench)).toBe(3);
  });

  it('shows what the last process owed, and how many objects failed', async () => {
    const bench = await shownBench({ resilientFeed: ['max_attempts=1'] });
    const { simulator, source, target } = bench;
    const host = await started(bench);
    await sleep(1_000); // the place to begin at is kept
    simulator.faults.add({ org: target.id, method: 'POST', path: '/incidents/:id/artifacts', status: 400 });
    const { id } = source.createIncident({ name: 'Owed', discovered_date: 1 });
    source.addArtifact(id, { type: 'String', value: 'refused' });
    await caughtUp(bench, host);
    // As a kill would end it: nothing is shown at a stop.
    await host.stop(0);
    expect(writes(bench)).toBe(0);

    const next = await started(bench);
    await until('it is shown', () => writes(bench) > 0);
    await rested(bench, next);
    expect(shown(bench, id)[STATE]).toBe('Not up to date: 1 failed');
    expect(writes(bench)).toBe(1);

    simulator.faults.clear();
    await next.retryParked({ incidentId: id });
    await until('it is up to date', () => shown(bench, id)[STATE] === 'Up to date');
    expect(writes(bench)).toBe(2);
  });

  it.each([
    ['a server that wants custom fields prefixed', { behaviour: { patchCustomFieldAs: 'prefixed' } }],
    ['a server that wants custom fields bare', { behaviour: { patchCustomFieldAs: 'bare' } }],
  ] as const)('knows %s', async (_, simulator) => {
    const bench = await shownBench({ simulator });
    await started(bench);
    const { id } = bench.source.createIncident({ name: 'Shown', discovered_date: 1 });
    await until('it is shown', () => shown(bench, id)[STATE] === 'Up to date');
    expect(shown(bench, id)[LINK]).toMatch(/#incidents\/\d+$/);
  });

  it('goes on where the source has no such fields, or does not let it write, and says so once', async () => {
    const lacking = await replicaBench({ resilientFeed: ['show_in_source=true'] });
    benches.push(lacking);
    const host = await started(lacking);
    lacking.source.createIncident({ name: 'Fed', discovered_date: 1 });
    await rested(lacking, host);
    expect(writes(lacking)).toBe(0);
    expect(lacking.target.incidents()).toHaveLength(1);
    expect(lacking.log.lines.filter(({ fields }) => fields.event === 'shown.fields-missing')).toHaveLength(1);

    const denied = await shownBench();
    denied.simulator.faults.add({ org: denied.source.id, method: 'PATCH', status: 403 });
    const second = await started(denied);
    for (const name of ['One', 'Two', 'Three']) denied.source.createIncident({ name, discovered_date: 1 });
    await until('it was refused', () => writes(denied) === 3);
    await rested(denied, second);
    expect(writes(denied)).toBe(3);
    expect(denied.target.incidents()).toHaveLength(3);
    expect(denied.log.lines.filter(({ fields }) => fields.event === 'shown.refused')).toHaveLength(1);
  });
});

it('shows nothing of an incident that does not match, and says so of one that no longer does', async () => {
  const bench = await shownBench({ resilientFeed: ['matching_incident_fields=name = Fed'] });
  const host = await started(bench);
  const fed = bench.source.createIncident({ name: 'Fed', discovered_date: 1 }).id;
  const other = bench.source.createIncident({ name: 'Other', discovered_date: 1 }).id;
  await until('it is shown', () => shown(bench, fed)[STATE] === 'Up to date');
  await rested(bench, host);
  expect(shown(bench, other)).toEqual({ [LINK]: null, [STATE]: null, [SYNCED]: null });
  expect(writes(bench)).toBe(1);

  bench.source.updateIncident(fed, { name: 'Not any more' });
  await until('it says so', () => shown(bench, fed)[STATE] === 'Not fed');
});

it('two hosts in opposite directions come to rest, and no replica shows itself', async () => {
  const { source, target } = demoOrgs();
  const first = await shownBench({ target: withFields(target) });
  const second = await shownBench({ oppositeTo: first, source: withFields(target), target: withFields(source) });
  const hosts = [await started(first), await started(second)] as const;
  const ours = first.source.createIncident({ name: 'From the first', discovered_date: 1 }).id;
  const theirs = second.source.createIncident({ name: 'From the second', discovered_date: 1 }).id;
  await until('both are shown', () =>
    [shown(first, ours), shown(second, theirs)].every((each) => each[STATE] !== null),
  );
  for (const [at, host] of hosts.entries()) await rested(at === 0 ? first : second, host);
  const before = [writes(first), writes(second)];
  await sleep(RESTED_MS);
  expect([writes(first), writes(second)]).toEqual(before);
  const marked = [first, second].map(
    ({ source: org }) => org.incidents().filter(({ properties }) => properties?.[STATE] != null).length,
  );
  expect(marked).toEqual([1, 1]);
});
