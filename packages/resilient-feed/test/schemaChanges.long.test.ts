import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Clock } from '@soar-feed/core';
import { FeedBench, systemClock } from './helpers/feedBench.js';
import { until } from './helpers/until.js';

jest.setTimeout(60_000);

/** Half a minute in 60 ms. */
const SPEED = 500;
const startedAt = Date.now();
const fast: Clock = {
  now: () => startedAt + (Date.now() - startedAt) * SPEED,
  steadyMs: () => performance.now() * SPEED,
  sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
};

describe('a target organization that is customized while the feed is open', () => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  const addField = (name: string): Promise<void> =>
    bench.asTargetLogin(async ({ rest }) => {
      const field = { name, text: name, input_type: 'text', export_key: `incident/${name}` };
      const made = await rest.create<{ id: number }>('/configurations/imports', {
        export_format_version: 2,
        fields: [field],
      });
      await rest.put(`/configurations/imports/${made.id}`, { id: made.id, status: 'ACCEPTED' });
    });
  const valueOf = (name: string): unknown => {
    const [id = 0] = bench.target.incidentIds();
    return bench.target.incident(id)?.properties[name];
  };

  it('gets what it could not hold, without another change at the source, once it can', async () => {
    const { source, events } = bench;
    bench.clock = fast;
    const feed = await bench.feed();
    const { id } = source.createIncident({ name: 'A', discovered_date: 1, properties: { source_only: 'kept' } });
    const other = source.createIncident({ name: 'B', discovered_date: 1 });
    await bench.deliver(feed, await events.incident(id));
    await bench.deliver(feed, await events.incident(other.id));
    expect(valueOf('source_only')).toBeUndefined();

    await addField('source_only');
    await until(async () => bench.resyncs.length > 0);
    expect(bench.resyncs).toEqual([{ orgId: 201, incidentId: id, type: 'incident', objectId: id }]);
    expect(bench.log.lines.map(({ fields }) => fields.event)).toContain('target.regained');
    await bench.deliverAll(feed, await events.whole(id));
    expect(valueOf('source_only')).toBe('kept');
  });

  it('gets the rest of an object though a field is gone that it had', async () => {
    const { source, events } = bench;
    const feed = await bench.feed();
    const { id } = source.createIncident({ name: 'A', discovered_date: 1, properties: { ticket: 'T-1' } });
    await bench.deliver(feed, await events.incident(id));
    expect(valueOf('ticket')).toBe('T-1');

    await bench.asTargetLogin(({ rest }) => rest.delete('/types/incident/fields/ticket'));
    source.updateIncident(id, { name: 'A, renamed', properties: { ticket: 'T-2' } });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'updated' });
    const [targetId = 0] = bench.target.incidentIds();
    expect(bench.target.incident(targetId)?.name).toBe('A, renamed');
  });
});
