import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { likeliest, runWorkload, seedIncidents, switchPositions } from '@soar-feed/soar-simulator';
import type { Behaviour } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, replicaBench, tally, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

type Switch = keyof Behaviour;

/** A feed imports no configuration. */
const UNUSED: readonly Switch[] = ['imports', 'customizationDeletes'];

const switches = (Object.keys(switchPositions) as Switch[]).filter((name) => !UNUSED.includes(name));

/** Every position but the likeliest, one after another. */
export const singlePositions: readonly (readonly [string, Partial<Behaviour>])[] = switches.flatMap((name) =>
  switchPositions[name]
    .filter((position) => position !== likeliest[name])
    .map((position) => [`${name}: ${String(position)}`, { [name]: position }] as const),
);

/** A few platforms that together have every position of every switch: the n-th takes the n-th of each, round and round. */
export const mixedPlatforms: readonly (readonly [string, Partial<Behaviour>])[] = [1, 2].map((turn) => [
  `platform ${turn}`,
  Object.fromEntries(
    switches.map((name) => {
      const positions = switchPositions[name];
      return [name, positions[turn % positions.length]];
    }),
  ),
]);

/**
 * A reload by either method, the same again, and live work: each ends identical, and what should cost no requests costs
 * none.
 */
export async function replicates(behaviour: Partial<Behaviour>, seed: number): Promise<void> {
  const bench = await replicaBench({
    simulator: { behaviour },
    feeds: ['feed_names=resilient_feed', 'spill_after=10m', `reload_query_api_method=${seed % 2 === 0}`],
  });
  try {
    const { source } = bench;
    seedIncidents(source, { incidents: 6, files: 0.2, seed });
    await source.settled();
    // What was made before the feed came sends no messages: a search must have it by now.
    await sleep((behaviour.searchLagMs ?? 0) * 1.5);
    const host = await bench.makeHost();
    await host.start();
    const loaded = await host.reload(host.wholeRange());
    await rests(bench, host);
    expect(tally(loaded)).toMatchObject({ failed: 0 });
    await runWorkload(source, { operations: 60, seed });
    await rests(bench, host);
    const again = await host.reload(host.wholeRange());
    await rests(bench, host);
    expect(tally(again)).toMatchObject({ created: 0, deleted: 0, failed: 0 });
  } finally {
    await bench.stop();
  }
}

/** Nothing under way, nothing parked for good, and the replica is identical. */
async function rests(bench: ReplicaBench, host: FeedHost): Promise<void> {
  await caughtUp(bench, host);
  const parked = () => Object.values(host.status().feeds[0]?.parked ?? {}).reduce((sum, count) => sum + count, 0);
  await until(
    'nothing stands parked',
    () => parked() === 0,
    20_000,
    () => host.status(),
  );
  expect(await host.quiet(20_000)).toBe(true);
  expect(compared(bench)).toEqual(IDENTICAL);
}
