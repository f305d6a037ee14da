import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import { judge } from '../oracle/judge.js';
import type { Finding } from '../oracle/Finding.js';
import type { Plan } from '../plan/Plan.js';
import { World } from '../world/World.js';
import { comeToRest } from './comeToRest.js';
import { Disturber } from './Disturber.js';
import type { RunResult } from './RunResult.js';
import { keepEvidence } from './keepEvidence.js';

const REST_WITHIN_MS = 60_000;

/** One run: work and trouble together, then quiet, then the judgement. */
export async function runSeed(plan: Plan, keep: boolean): Promise<RunResult> {
  const startedAtMs = Date.now();
  const { seed, behaviour, site } = plan;
  const world = await World.open({ name: String(seed), seed, behaviour, site });
  let findings: readonly Finding[] = [];
  try {
    await work(world, plan);
    findings = await rest(world);
    const kept = keep && findings.length > 0;
    if (kept) keepEvidence(world, plan, findings);
    return {
      name: `seed ${seed}`,
      findings,
      durationMs: Date.now() - startedAtMs,
      operations: plan.operations,
      messages: world.messages.count,
      ...world.counts,
      ...(kept ? { folder: world.folder } : {}),
    };
  } finally {
    await world.close(keep && findings.length > 0);
  }
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

/** Faults off, host up: everything must come to its end, and the host must stop as it is told. */
export async function rest(world: World): Promise<readonly Finding[]> {
  await world.settled();
  await world.source.settled();
  if (world.running === undefined) await world.start();
  world.timeline.add('run', 'quiet from here');
  const moving = await comeToRest(world, REST_WITHIN_MS);
  await world.stop();
  const found = await judge(world);
  return moving === undefined ? found : [{ check: 'queue', text: `it does not come to rest: ${moving}` }, ...found];
}
