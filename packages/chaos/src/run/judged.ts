import type { Finding } from '../oracle/Finding.js';
import { judge } from '../oracle/judge.js';
import type { World } from '../world/World.js';
import { comeToRest } from './comeToRest.js';
import { keepEvidence } from './keepEvidence.js';
import type { RunResult } from './RunResult.js';

/** Generous: a busy machine is no finding, what never ends is. */
const REST_WITHIN_MS = 120_000;

export interface RunFacts {
  readonly name: string;
  readonly operations: number;
  /** Kept with what failed. */
  readonly plan: unknown;
  /** Keep the folder of a run that failed. */
  readonly keep: boolean;
}

/** Does the work, lets everything come to its end, judges, and closes the world. */
export async function judged(
  world: World,
  { name, operations, plan, keep }: RunFacts,
  work: () => Promise<void>,
): Promise<RunResult> {
  const startedAtMs = Date.now();
  let kept = false;
  try {
    const findings = await findingsOf(world, work);
    kept = keep && findings.length > 0;
    if (kept) keepEvidence(world, plan, findings);
    const facts = { operations, messages: world.messages.count, ...world.counts };
    const durationMs = Date.now() - startedAtMs;
    return { name, findings, durationMs, ...facts, ...(kept ? { folder: world.folder } : {}) };
  } finally {
    await world.close(kept);
  }
}

async function findingsOf(world: World, work: () => Promise<void>): Promise<readonly Finding[]> {
  try {
    await work();
  } catch (error) {
    return [{ check: 'run', text: error instanceof Error ? error.message : String(error) }];
  }
  return rest(world);
}

/** Faults off, host up: everything must come to its end, and the host must stop as it is told. */
async function rest(world: World): Promise<readonly Finding[]> {
  await world.settled();
  await world.source.settled();
  if (world.running === undefined) await world.start();
  world.timeline.add('run', 'quiet from here');
  const moving = await comeToRest(world, REST_WITHIN_MS);
  await world.stop();
  const found = await judge(world);
  return moving === undefined ? found : [{ check: 'queue', text: `it does not come to rest: ${moving}` }, ...found];
}
