import type { SitePlan } from '../plan/Plan.js';
import type { Scenario } from '../scenarios/Scenario.js';
import { World } from '../world/World.js';
import { judged } from './judged.js';
import type { RunOptions } from './judged.js';
import type { RunResult } from './RunResult.js';
import { until } from './until.js';

export const USUAL_SITE: SitePlan = {
  fileFeed: false,
  sourceLogin: 'api-key',
  targetLogin: 'api-key',
  references: true,
  reload: false,
  queryMethod: false,
  requestMaxRetries: 0,
  prefetch: 25,
  concurrency: 4,
  spillAfterMs: 30_000,
};

export async function runScenario(
  [name, scenario]: readonly [string, Scenario],
  options: RunOptions,
): Promise<RunResult> {
  const { behaviour = {}, site, target = {}, clocks } = scenario;
  const world = await World.open({
    name,
    seed: 1,
    behaviour,
    site: { ...USUAL_SITE, ...site },
    target,
    ...(clocks === undefined ? {} : { clocks }),
  });
  return judged(world, { name, operations: 0, plan: { scenario: name } }, options, async () => {
    scenario.before?.(world);
    await world.start();
    await until('the host is ready', () => world.running?.saw('host.ready') === true);
    await scenario.play(world);
    world.simulator.faults.clear();
  });
}
