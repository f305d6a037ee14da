import { afterEach, describe, expect, it } from '@jest/globals';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, replicaBench, tally } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

/** An event that waits long on a busy machine is not parked for it, which would be counted below. */
const PATIENT = ['feed_names=resilient_feed', 'spill_after=10m'];

/** Requests that changed something, at either org. */
function writes({ simulator }: ReplicaBench): number {
  return simulator.requests.writes;
}

describe('a second organization as the replica of the first', () => {
  it('is identical after a reload, costs nothing to reload again, and follows 300 live operations, within the budgets', async () => {
    bench = await replicaBench({ feeds: PATIENT });
    const { simulator, source } = bench;
    const seeded = seedIncidents(source, { incidents: 100 });
    expect(seeded.objects).toBeGreaterThanOrEqual(1_800);
    const host = await bench.makeHost();

    await host.start();
    const first = await host.reload(host.wholeRange());
    expect(await host.quiet(10_000)).toBe(true);
    expect(first).toMatchObject({ incidents: 100, objects: seeded.objects, faults: [], interrupted: false });
    expect(tally(first)).toMatchObject({ failed: 0, parked: 0 });
    expect(compared(bench)).toEqual(IDENTICAL);
    const reloadPerObject = simulator.requests.total / first.objects;

    simulator.requests.reset();
    const second = await host.reload(host.wholeRange());
    expect(tally(second)).toMatchObject({ created: 0, updated: 0, deleted: 0, failed: 0, parked: 0 });
    expect(writes(bench)).toBe(0);
    expect(compared(bench)).toEqual(IDENTICAL);
    const againPerObject = simulator.requests.total / second.objects;

    simulator.requests.reset();
    const before = host.status().queue.counts.received;
    const done = await runWorkload(source, { operations: 300, seed: 11, perSecond: 60 });
    expect(done).toHaveLength(300);
    await caughtUp(bench, host);
    const messages = host.status().queue.counts.received - before;
    expect(messages).toBeGreaterThanOrEqual(250);
    expect(compared(bench)).toEqual(IDENTICAL);
    expect(host.status()).toMatchObject({
      queue: { counts: { undecodable: 0 } },
      feeds: [{ state: 'up', queued: 0, parked: { waiting: 0, deferred: 0, failed: 0, resync: 0 } }],
    });
    const livePerMessage = simulator.requests.total / messages;

    const figures = { reloadPerObject, againPerObject, livePerMessage };
    console.info('requests', figures);
    expect(figures.reloadPerObject).toBeLessThanOrEqual(1.25);
    expect(figures.againPerObject).toBeLessThanOrEqual(0.1);
    expect(figures.livePerMessage).toBeLessThanOrEqual(1.15);
  }, 240_000);

  it('is identical by the query method too, within its budget', async () => {
    bench = await replicaBench({ feeds: [...PATIENT, 'reload_query_api_method=true'] });
    const { simulator, source } = bench;
    seedIncidents(source, { incidents: 40, seed: 5 });
    const host = await bench.makeHost();
    await host.start();
    const report = await host.reload(host.wholeRange());
    expect(await host.quiet(10_000)).toBe(true);
    expect(compared(bench)).toEqual(IDENTICAL);
    const perObject = simulator.requests.total / report.objects;
    console.info('requests', { queryReloadPerObject: perObject });
    expect(perObject).toBeLessThanOrEqual(1.6);
  }, 120_000);
});
