import { setTimeout as sleep } from 'node:timers/promises';
import { readState } from '../oracle/readState.js';
import type { World } from '../world/World.js';

/**
 * How long nothing may happen before everything counts as over, ms: longer than the host's own polling and a late
 * commit.
 */
const STILL_MS = 1_300;

/**
 * Waits until the queue is empty, no parked row will return by itself, and no more requests are made.
 *
 * @returns what still moves when `withinMs` are over, or `undefined`
 */
export async function comeToRest(world: World, withinMs: number): Promise<string | undefined> {
  const deadline = Date.now() + withinMs;
  let stillSince = Date.now();
  let requests = -1;
  for (;;) {
    const moving = await whatMoves(world);
    const { total } = world.simulator.requests;
    if (moving !== undefined || total !== requests) stillSince = Date.now();
    requests = total;
    if (Date.now() - stillSince >= STILL_MS) return undefined;
    if (Date.now() > deadline) return moving ?? 'requests are still made';
    await sleep(50);
  }
}

async function whatMoves({ simulator, queue, running, site, stateFile }: World): Promise<string | undefined> {
  if (running === undefined) return 'no host runs';
  if (!running.saw('host.ready')) return 'the host is not ready';
  if (site.reload && !running.saw('reload.finished')) return 'the reload is not finished';
  const depth = simulator.broker.depth(queue);
  if (depth > 0) return `${depth} messages are still on ${queue} (${simulator.broker.unacked(queue)} handed out)`;
  const { parked } = await readState(stateFile, 'parked');
  const restless = parked.filter(({ state }) => state === 'waiting' || state === 'deferred' || state === 'resync');
  if (restless.length === 0) return undefined;
  return `${restless.length} parked rows should come back by themselves, such as ${restless[0]?.object_key} (${restless[0]?.why})`;
}
