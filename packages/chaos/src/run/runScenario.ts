import type { SitePlan } from '../plan/Plan.js';
import type { Scenario } from '../scenarios/Scenario.js';
import { World } from '../world/World.js';
import { keepEvidence } from './keepEvidence.js';
import { rest } from './runSeed.js';
import type { RunResult } from './RunResult.js';
import { until } from './until.js';

const USUAL_SITE: SitePlan = {
  fileFeed: false,
  sourceLogin: 'api-key',
  targetLogin: 'api-key',
  references: true,
  reload: false,
  requestMaxRetries: 0,
  prefetch: 25,
  concurrency: 8,
  spillAfterMs: 30_000,
};

export async function runScenario([name, scenario]: readonly [string, Scenario], keep: boolean): Promise<RunResult> {
  const startedAtMs = Date.now();
  const { behaviour = {}, site, before, play } = scenario;
  const world = await World.open({ name, seed: 1, behaviour, site: { ...USUAL_SITE, ...site } });
  let failed = true;
  try {
    before?.(world);
    await world.start();
    await until('the host is ready', () => world.running?.saw('host.ready') === true);
    await play(world);
    world.simulator.faults.clear();
    const findings = await rest(world);
    failed = findings.length > 0;
    if (keep && failed) keepEvidence(world, { scenario: name }, findings);
    const facts = { operations: 0, messages: world.messages.count, ...world.counts };
    const kept = keep && failed ? { folder: world.folder } : {};
    return { name, findings, durationMs: Date.now() - startedAtMs, ...facts, ...kept };
  } finally {
    await world.close(keep && failed);
  }
}
