import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { runWorkload, seedIncidents, switchPositions } from '@soar-feed/soar-simulator';
import type { Behaviour } from '@soar-feed/soar-simulator';
import { pairwise } from './pairwise.js';
import { caughtUp, compared, IDENTICAL, replicaBench, tally, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

type Switch = keyof Behaviour;

/** A feed imports no configuration, and a replica takes no e-mail messages. */
const UNUSED: readonly Switch[] = ['imports', 'customizationDeletes', 'emailSearch'];

const used = Object.fromEntries(Object.entries(switchPositions).filter(([name]) => !UNUSED.includes(name as Switch)));

/** How the reload finds its incidents is one more switch. */
const METHOD = { byQuery: [true, false] };

/** A few platforms, and a way to load each, that together have every two positions of any two switches. */
export const platforms = pairwise({ ...used, ...METHOD }).map(({ byQuery, ...behaviour }) => ({
  byQuery: byQuery === true,
  behaviour: behaviour as Partial<Behaviour>,
}));
/**
 * A reload, the same again, and live work: each ends identical, and what should cost no requests costs
 * none.
 */
export async function replicates(behaviour: Partial<Behaviour>, byQuery: boolean, seed: number): Promise<void> {
  const bench = await replicaBench({
    simulator: { behaviour },
    feeds: ['feed_names=resilient_feed', 'spill_after=10m', `reload_query_api_method=${byQuery}`],
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
    // No message says which replies went with their note where a whole thread is removed. A reload finds them.
    if (behaviour.deletedThread === 'removed') await host.reload(host.wholeRange());
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
