import { setTimeout as delay } from 'node:timers/promises';
import type { SimOrg } from '../org/SimOrg.js';
import { Random } from '../seed/Random.js';
import { Analyst, type Weights } from './Analyst.js';

export interface WorkloadOptions {
  /** How many; Infinity: until the signal. */
  readonly operations: number;
  /** Equal seeds do the same work in equal orgs. Default 1. */
  readonly seed?: number;
  /** Default: as fast as possible. */
  readonly perSecond?: number;
  readonly weights?: Weights;
  /** Ends the run early, without an error. */
  readonly signal?: AbortSignal;
  onOperation?(text: string): void;
}

/**
 * Live operations of every kind on every object type, as analysts do them: the org's rules fire and messages are
 * queued.
 *
 * @returns what was done, a short text per operation; empty for an endless run
 * @throws Error if the org refuses everything
 */
export async function runWorkload(org: SimOrg, options: WorkloadOptions): Promise<string[]> {
  const { operations, signal, perSecond } = options;
  const analyst = new Analyst(org, new Random(options.seed ?? 1), options.weights);
  const done: string[] = [];
  const startedMs = performance.now();
  for (let count = 1; count <= operations && !signal?.aborted; count += 1) {
    const text = analyst.next();
    if (Number.isFinite(operations)) done.push(text);
    options.onOperation?.(text);
    // Timed by the clock, not by a fixed pause: a slow operation does not lower the rate.
    const waitMs = perSecond ? startedMs + (count * 1_000) / perSecond - performance.now() : 0;
    if (count < operations && waitMs > 0) await pause(waitMs, signal);
    else if (count % 50 === 0) await pause(0, signal); // gives the sockets a turn
  }
  return done;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
