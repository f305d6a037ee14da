import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { bareWrites } from './bareWrites.js';
import type { Report, Scenario, ScenarioTask } from './measureScenario.js';
import { SimulatorHandle } from './SimulatorHandle.js';
import type { Wait } from './Waits.js';

export interface ScenarioSettings {
  readonly scenario: Scenario;
  readonly incidents: number;
  /** Notes of each part of `live`. */
  readonly changes: number;
  readonly latencyMs: number;
  readonly concurrency: number;
  /** It is found out; `concurrency` is that of the ideal and of the bare requests. */
  readonly auto: boolean;
  /** Objects of an incident travel inside its create. */
  readonly bundles: boolean;
}

/** Of the larger part of a scenario, whose process is warm. */
export type ScenarioFigures = Readonly<Record<keyof typeof MEANINGS, number>>;

/** Each figure, in the order of the table. */
export const MEANINGS = {
  objectsPerSecond: 'objects per second',
  ratio: 'of concurrency ÷ latency',
  bareRatio: 'of concurrency ÷ latency, bare requests',
  requestsPerObject: 'requests per object',
  commitsPerObject: 'commits, each a flush to the disk, per object',
  cpuMsPerWrite: 'processor ms per write, marginal',
  cpuMsPerObject: 'processor ms per object, marginal',
  lastMs: 'wait for last, ms, mean',
  lastP95: 'wait for last, ms, p95',
  intentMs: 'wait for an intent, ms, mean',
  intentP95: 'wait for an intent, ms, p95',
  settleMs: 'wait for a settle, ms, mean',
  settleP95: 'wait for a settle, ms, p95',
  peakMiB: 'largest RSS, MiB',
} as const;

/** Incidents of the part that warms up a reload: this many of all. */
const WARM = 0.2;
/** More than any host takes: the changes are there at once. */
const AT_ONCE_PER_SECOND = 100_000;

/** One scenario by the packages beside `bench`, from and to a platform that this commit simulates. */
export async function runScenario(bench: string, settings: ScenarioSettings): Promise<ScenarioFigures> {
  const { scenario, incidents, changes, latencyMs, concurrency, auto, bundles } = settings;
  const simulator = await SimulatorHandle.start({ incidents, latencyMs });
  const { facts } = simulator;
  const bare = await bareWrites(facts, concurrency, 2_000);
  await simulator.requests();
  const child = fork(join(bench, 'measureScenario.js'));
  const exit = new AbortController();
  const ended = once(child, 'exit').then(([code]) => exit.abort(`The measured host ended with exit code ${code}.`));
  const reports = on(child, 'message', { signal: exit.signal });
  const part = async () => {
    for (;;) {
      const { value } = (await reports.next()) as { readonly value: readonly [Report] };
      const [report] = value;
      if (report !== 'changes') {
        const requests = await simulator.requests();
        child.send('go on');
        return { ...report, requests };
      }
      child.send((await simulator.changes(changes, AT_ONCE_PER_SECOND)).length);
    }
  };
  const small = Math.round(incidents * WARM);
  const task: ScenarioTask = { scenario, facts, concurrency: auto ? 'auto' : concurrency, bundles, small };
  child.send(task);
  await part();
  const { objects, seconds, cpuMs, waits, commits, peakMiB, requests } = await part();
  await ended;
  await simulator.stop();
  // Without latency there is no ideal.
  const ideal = latencyMs === 0 ? NaN : concurrency / (latencyMs / 1000);
  const times = (wait: Wait) => ({ [`${wait}Ms`]: waits[wait].mean, [`${wait}P95`]: waits[wait].p95 });
  return {
    objectsPerSecond: objects / seconds,
    ratio: requests.all / seconds / ideal,
    bareRatio: bare / ideal,
    requestsPerObject: requests.all / objects,
    commitsPerObject: commits / objects,
    cpuMsPerWrite: cpuMs / requests.writes,
    cpuMsPerObject: cpuMs / objects,
    ...{ ...times('last'), ...times('intent'), ...times('settle') },
    peakMiB,
  } as ScenarioFigures;
}
