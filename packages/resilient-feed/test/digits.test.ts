import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench, sourceOptions, targetOptions } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const LARGE = 9_007_199_254_740_993n;
const NEXT = 9_007_199_254_740_995n;

const withFields = (schema: (typeof sourceOptions)['schema'], counter: 'number' | 'text') => ({
  schema: {
    ...schema,
    incidentFields: [
      ...(schema?.incidentFields ?? []),
      { name: 'counter', inputType: 'number' as const },
      { name: 'as_text', inputType: counter === 'number' ? ('number' as const) : ('text' as const) },
    ],
  },
});

describe('whole numbers beyond 2^53', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  beforeAll(async () => {
    bench = await FeedBench.start({
      source: withFields(sourceOptions.schema, 'number'),
      target: withFields(targetOptions.schema, 'text'),
    });
    feed = await bench.feed({ filter: `counter >= ${LARGE}` });
  });
  afterAll(() => bench.stop());

  it('reach the target with all their digits, in fields and cells, and change by what changed', async () => {
    const { source, target, events } = bench;
    const { id } = source.createIncident({
      name: 'Large',
      discovered_date: 1_700_000_000_000,
      properties: { counter: LARGE, as_text: LARGE },
    });
    source.addRow(id, 'hosts', { host: 'h', alerts: LARGE });
    await bench.deliverAll(feed, await events.whole(id));
    const copy = target.incidents().at(-1);
    expect(copy?.properties).toMatchObject({ counter: LARGE, as_text: String(LARGE) });
    const cells = Object.values(target.rows(copy?.id ?? 0)[0]?.cells ?? {});
    expect(cells.map(({ value }) => value)).toContain(LARGE);

    const again = await events.whole(id);
    expect(await bench.requests(() => bench.deliverAll(feed, again))).toEqual([]);
    source.updateIncident(id, { properties: { counter: NEXT } });
    await bench.deliver(feed, await events.incident(id));
    expect(target.incidents().at(-1)?.properties).toMatchObject({ counter: NEXT });
  });

  it('are compared exactly by a filter', async () => {
    const { source, events } = bench;
    const one = (counter: bigint) =>
      source.createIncident({ name: 'x', discovered_date: 1_700_000_000_000, properties: { counter } }).id;
    const results = [];
    for (const counter of [LARGE - 1n, LARGE])
      results.push(await bench.deliver(feed, await events.incident(one(counter))));
    expect(results.map(({ status }) => status)).toEqual(['skipped', 'delivered']);
  });
});
