import { readState } from '../oracle/readState.js';
import { until } from '../run/until.js';
import type { World } from '../world/World.js';

/** A site that soon parks what it cannot deliver. */
export const LAGGING = { spillAfterMs: 1_000 };

/** Creates an incident without an incident type: the platforms make no tasks of their own for it. */
export function anIncident({ source }: World, name: string): number {
  return source.createIncident({ name, discovered_date: 1_700_000_000_000 }).id;
}

/** Resolves when every message queued so far is acknowledged. */
export async function caughtUp(world: World): Promise<void> {
  await world.source.settled();
  await until('the queue is empty', () => world.simulator.broker.depth(world.queue) === 0);
}

/** Resolves when a fault has struck so many requests to the target. */
export async function struck(fault: { readonly hits: number }, times = 1): Promise<void> {
  await until('the fault strikes', () => fault.hits >= times);
}

/** Resolves when the running process has logged this event. */
export async function logged(world: World, event: string): Promise<void> {
  await until(`the host logs ${event}`, () => world.running?.saw(event) === true);
}

/** Resolves when the database holds at least this many parked rows of a feed. */
export async function parkedRows(world: World, feed: string, count: number): Promise<void> {
  const rows = async (): Promise<number> =>
    (await readState(world.stateFile, 'parked')).parked.filter((row) => row.feed === feed).length;
  await until(`${count} rows of ${feed} are parked`, async () => (await rows()) >= count);
}
