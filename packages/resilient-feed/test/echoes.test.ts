import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hostOf, referencesOf } from '../src/translate/Origin.js';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench, sourceOptions } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const fields = ['df_org_id', 'df_inc_id', 'df_host'].map((name) => ({ name, inputType: 'text' as const }));

describe('an incident whose references name the target', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  /** A source incident and its counterpart; and one of the target's own. */
  let copyId = 0;
  let ownId = 0;
  let ownCreatedMs = 0;
  beforeAll(async () => {
    const { schema } = sourceOptions;
    const incidentFields = [...fields, { name: 'df_create_date', inputType: 'datetimepicker' as const }];
    bench = await FeedBench.start({ source: { schema: { ...schema, incidentFields } } });
    feed = await bench.feed();
    const { id } = bench.source.createIncident({ name: 'Mapped', discovered_date: 5 });
    await bench.deliver(feed, await bench.events.incident(id));
    copyId = bench.target.incidentIds().at(-1) ?? 0;
    const own = bench.target.createIncident({ name: 'Own', discovered_date: 7 });
    ownId = own.id;
    ownCreatedMs = Number(own.create_date);
  });
  afterAll(() => bench.stop());

  async function deliver(name: string, discovered: number, properties: Record<string, unknown>) {
    const { id } = bench.source.createIncident({ name, discovered_date: discovered, properties });
    const result = await bench.deliver(feed, await bench.events.incident(id));
    return result.status === 'skipped' ? result.reason : result.status === 'delivered' && result.change;
  }

  const refer = (id: number, host: string) => ({ df_org_id: '202', df_inc_id: String(id), df_host: host });

  it.each(['localhost', 'soar.example.com', 'https://LOCALHOST:443/'])(
    'is an echo where our own mapping knows what it names, whatever the server is called: %s',
    async (host) => {
      expect(await deliver('Mapped, edited', 5, refer(copyId, host))).toBe('replica');
    },
  );

  it('is an echo where the target shows what it names', async () => {
    expect(await deliver('Own', 7, refer(ownId, 'another.name'))).toBe('replica');
    expect(await deliver('Edited', 8, { ...refer(ownId, 'another.name'), df_create_date: ownCreatedMs })).toBe(
      'replica',
    );
  });

  it('is fed where another platform only has the same organization id', async () => {
    const elsewhere = refer(ownId, 'elsewhere.example.com');
    expect(await deliver('From elsewhere', 1, elsewhere)).toBe('created');
    expect(await deliver('Own', 7, { ...elsewhere, df_create_date: ownCreatedMs - 1 })).toBe('created');
    expect(await deliver('Mapped', 6, { ...refer(copyId, bench.simulator.host), df_create_date: 17 })).toBe('created');
    expect(await deliver('Not here', 1, refer(999_999, 'elsewhere.example.com'))).toBe('created');
    expect(await deliver('Own', 7, { ...refer(ownId, 'localhost'), df_org_id: '203' })).toBe('created');
  });

  it('stays one without being looked up again', async () => {
    const { id } = bench.source.createIncident({
      ...{ name: 'Own', discovered_date: 7 },
      properties: refer(ownId, 'localhost'),
    });
    expect(await bench.requests(async () => bench.deliver(feed, await bench.events.incident(id)))).toHaveLength(1);
    bench.source.updateIncident(id, { name: 'Edited' });
    expect(await bench.requests(async () => bench.deliver(feed, await bench.events.incident(id)))).toEqual([]);
  });
});

describe('references', () => {
  it.each([
    [{ df_org_id: 202, df_inc_id: 7 }],
    [{ df_org_id: '202', df_inc_id: ' 7 ' }],
    [{ df_org_id: 202n, df_inc_id: 7n }],
    [{ df_org_id: '<div>202</div>', df_inc_id: { format: 'html', content: '<p>7</p>' } }],
  ])('are read whatever type their fields have', (properties) => {
    expect(referencesOf({ properties })).toMatchObject({ orgId: 202, incidentId: 7 });
  });

  it.each([[{}], [{ df_inc_id: 0 }], [{ df_inc_id: 'seven' }], [{ df_inc_id: 7.5 }], [{ df_inc_id: null }]])(
    'are none: %j',
    (properties) => {
      expect(referencesOf({ properties })).toBeUndefined();
    },
  );

  it('compare hosts without scheme, port, brackets and case', () => {
    for (const text of ['soar.example.com', 'https://SOAR.example.com:443/x', ' soar.example.com:8443 '])
      expect(hostOf(text)).toBe('soar.example.com');
    for (const text of ['::1', '[::1]', 'https://[::1]:443']) expect(hostOf(text)).toBe('::1');
  });
});

describe('a target that is the source', () => {
  let bench: FeedBench;
  beforeAll(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => {
    bench.simulator.faults.clear();
    bench.sourceMore = {};
  });
  afterAll(() => bench.stop());

  const connection = () => ({ ...bench.makeConnection(201), host: 'localhost' });
  const refused = {
    kind: 'config',
    issues: [{ section: 'resilient_feed', key: 'org', problem: expect.stringContaining('name another organization') }],
  };

  it('is refused at check and at open by its uuid, whatever its server is called; nothing is written', async () => {
    const feed = bench.makeFeed({ connection: connection() });
    const { signal } = new AbortController();
    await expect(feed.health({ signal })).rejects.toMatchObject(refused);
    await expect(feed.open({ signal })).rejects.toMatchObject(refused);
    expect(bench.simulator.requests.writes).toBe(0);
  });

  it('is refused where no uuid is told: by its id and an incident that both show, or its name while it has none', async () => {
    bench.sourceMore = { orgUuid: undefined };
    // Under another name, and empty: nothing shows that it is the same, and nothing can come back yet.
    await (await bench.feed({ connection: connection() })).close();
    await expect(bench.feed({ connection: bench.makeConnection(201) })).rejects.toMatchObject(refused);
    bench.source.createIncident({ name: 'First', discovered_date: 1 });
    await expect(bench.feed({ connection: connection() })).rejects.toMatchObject(refused);
    // Another platform's organization has the id, and other incidents.
    bench.sourceMore = { orgUuid: undefined, fetch: async () => ({ id: 1, name: 'Other', create_date: 5 }) };
    await expect(bench.feed({ connection: bench.makeConnection(201) })).resolves.toBeDefined();
  });
});
