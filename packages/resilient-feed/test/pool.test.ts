import { expect, it, jest } from '@jest/globals';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

/** How many creates of incidents arrive before the first one is answered, `latencyMs` after it came. */
async function createsAtOnce(concurrency: number, incidents: number, latencyMs: number): Promise<number> {
  const arrivals: number[] = [];
  const bench = await FeedBench.start({
    onWrite: ({ method, path }) => {
      if (method === 'POST' && path === '/rest/orgs/202/incidents') arrivals.push(performance.now());
    },
  });
  try {
    const feed = await bench.feed({ concurrency });
    const ids = Array.from({ length: incidents }, (_, at) => {
      return bench.source.createIncident({ name: `Incident ${at}`, discovered_date: at + 1 }).id;
    });
    const events = await Promise.all(ids.map((id) => bench.events.incident(id)));
    bench.simulator.latencyMs = latencyMs;
    await Promise.all(events.map((event) => bench.deliver(feed, event)));
    expect(arrivals).toHaveLength(incidents);
    return arrivals.filter((atMs) => atMs - (arrivals[0] ?? 0) < latencyMs).length;
  } finally {
    await bench.stop();
  }
}

it('a high concurrency is not held up by the pool of connections', async () => {
  // 48 new TLS connections take a busy machine some seconds.
  expect(await createsAtOnce(48, 48, 8_000)).toBeGreaterThan(40);
});

it('a low one opens few connections', async () => {
  expect(await createsAtOnce(2, 10, 2_000)).toBeLessThanOrEqual(4);
});
