import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import type { Plan } from '../plan/Plan.js';
import { World } from '../world/World.js';
import { comeToRest } from './comeToRest.js';
import { Disturber } from './Disturber.js';
import { judged } from './judged.js';
import type { RunOptions } from './judged.js';
import type { RunResult } from './RunResult.js';

/** One seed: work and trouble together, then quiet, then the judgement. */
export async function runSeed(plan: Plan, options: RunOptions): Promise<RunResult> {
  const { seed, behaviour, site, clocks, operations } = plan;
  const world = await World.open({ name: String(seed), seed, behaviour, site, clocks });
  return judged(world, { name: `seed ${seed}`, operations, plan }, options, async () => {
    await work(world, plan);
    if (world.restored) await reloadAfterRestore(world, options);
  });
}

/** What is under way dates from before the restore, so it ends first. From then on, every start loads everything. */
async function reloadAfterRestore(world: World, { patienceMs }: RunOptions): Promise<void> {
  await world.settled();
  const moving = await comeToRest(world, patienceMs);
  if (moving !== undefined) throw new Error(`It does not come to rest before the reload: ${moving}`);
  await world.restart(0);
}

async function work(world: World, plan: Plan): Promise<void> {
  seedIncidents(world.source, { incidents: plan.incidents, seed: plan.seed, messages: plan.seeding === 'queued' });
  await world.start();
  const disturber = new Disturber(world, plan.disturbances);
  let count = 0;
  disturber.at(0);
  await runWorkload(world.source, {
    operations: plan.operations,
    seed: plan.seed,
    perSecond: plan.perSecond,
    onOperation: (text) => {
      count += 1;
      world.timeline.add('analyst', `${count}: ${text} (messages up to ${world.messages.count})`);
      disturber.at(count);
    },
  });
  await disturber.over();
}
