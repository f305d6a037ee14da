import type { Finding } from '../oracle/Finding.js';
import { judge } from '../oracle/judge.js';
import type { World } from '../world/World.js';
import { comeToRest } from './comeToRest.js';
import { keepEvidence } from './keepEvidence.js';
import type { RunResult } from './RunResult.js';

export interface RunFacts {
  readonly name: string;
  readonly operations: number;
  /** Kept with the evidence of a run that failed. */
  readonly plan: unknown;
}

export interface RunOptions {
  /** Keep the folder of a run that failed. */
  readonly keep: boolean;
  /** How long everything may take to come to rest. */
  readonly patienceMs: number;
}

/** What the work itself found, besides the judgement at the end. */
export interface Work {
  readonly findings: readonly Finding[];
  readonly notes?: readonly string[];
}

/** Does the work, lets everything come to rest, judges, and closes the world. */
export async function judged(
  world: World,
  { name, operations, plan }: RunFacts,
  { keep, patienceMs }: RunOptions,
  work: () => Promise<Work | void>,
): Promise<RunResult> {
  const startedAtMs = Date.now();
  let kept = false;
  try {
    const { findings, notes } = await outcomeOf(world, patienceMs, work);
    kept = keep && findings.length > 0;
    if (kept) keepEvidence(world, plan, findings);
    const facts = { operations, messages: world.messages.count, ...world.counts };
    const durationMs = Date.now() - startedAtMs;
    return {
      name,
      findings,
      durationMs,
      ...facts,
      ...(notes ? { notes } : {}),
      ...(kept ? { folder: world.folder } : {}),
    };
  } finally {
    await world.close(kept);
  }
}

async function outcomeOf(world: World, patienceMs: number, work: () => Promise<Work | void>): Promise<Work> {
  try {
    const { findings = [], ...more } = (await work()) ?? {};
    return { ...more, findings: [...findings, ...(await rest(world, patienceMs))] };
  } catch (error) {
    return { findings: [{ check: 'run', text: error instanceof Error ? error.message : String(error) }] };
  }
}

/**
 * Ends the faults and starts the host if it is down: everything must come to rest, and the host must stop when told to.
 */
async function rest(world: World, patienceMs: number): Promise<readonly Finding[]> {
  await world.settled();
  await world.source.settled();
  if (world.running === undefined) await world.start();
  world.timeline.add('run', 'quiet from here');
  const moving = await comeToRest(world, patienceMs);
  await world.stop();
  const found = await judge(world);
  return moving === undefined ? found : [{ check: 'queue', text: `it does not come to rest: ${moving}` }, ...found];
}
