import { setTimeout as sleep } from 'node:timers/promises';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import type { SimOrg } from '@soar-feed/soar-simulator';
import { judged } from '../run/judged.js';
import type { RunOptions, Work } from '../run/judged.js';
import type { RunResult } from '../run/RunResult.js';
import { USUAL_SITE } from '../run/runScenario.js';
import { until } from '../run/until.js';
import { World } from '../world/World.js';
import { freePort } from './freePort.js';
import { judgeMemory } from './judgeMemory.js';
import { MemoryWatch } from './MemoryWatch.js';

/** Operations per second; they send about twelve messages, since some operations send several. */
const PER_SECOND = 10;
/** Creating one more deletes the oldest with all its objects, so the data that the host knows of does not grow. */
const INCIDENTS = 40;
const BROKER_RESTARTS = 5;
const BROKER_DOWN_MS = 2_000;
const UNAVAILABLE = { status: 503, retryAfterSeconds: 1, probability: 0.01 };
const SAMPLES = 180;

/**
 * Runs a steady workload of constant size for this many minutes, with a few broker restarts. In the end the replica
 * must be equal to the source, and memory must have stayed flat.
 */
export async function runSoak(minutes: number, options: RunOptions): Promise<RunResult> {
  const statusPort = await freePort();
  const site = { ...USUAL_SITE, statusPort };
  const world = await World.open({ name: 'soak', seed: 1, behaviour: {}, site });
  const facts = { name: `soak ${minutes}`, operations: minutes * 60 * PER_SECOND, plan: { minutes, site } };
  return judged(world, facts, options, () => soak(world, minutes * 60_000, statusPort));
}

async function soak(world: World, forMs: number, statusPort: number): Promise<Work> {
  const { source, simulator } = world;
  seedIncidents(source, { incidents: INCIDENTS, seed: 1, messages: true });
  await world.start();
  await until('the host is ready', () => world.running?.saw('host.ready') === true);
  const watch = new MemoryWatch(statusPort, Math.max(1_000, forMs / SAMPLES));
  simulator.faults.add(UNAVAILABLE);
  const ending = new AbortController();
  const restarts = restartBroker(world, forMs / (BROKER_RESTARTS + 1), ending.signal);
  await runWorkload(source, {
    operations: Math.round((forMs / 1_000) * PER_SECOND),
    perSecond: PER_SECOND,
    seed: 1,
    onOperation: () => keepSize(source),
  });
  ending.abort();
  await restarts;
  simulator.faults.clear();
  return judgeMemory(await watch.end());
}

function keepSize(source: SimOrg): void {
  const ids = source.incidentIds();
  for (const id of ids.slice(0, ids.length - INCIDENTS)) source.deleteIncident(id);
}

async function restartBroker(world: World, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    world.timeline.add('trouble', 'broker restart');
    await world.simulator.broker.restart(BROKER_DOWN_MS);
  }
}
