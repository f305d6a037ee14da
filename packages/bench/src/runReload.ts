import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bareWrites } from './bareWrites.js';
import type { PartFigures, ReloadTask } from './measureReload.js';
import { SimulatorHandle } from './SimulatorHandle.js';
import type { Wait } from './Waits.js';

export interface ReloadSettings {
  readonly incidents: number;
  readonly latencyMs: number;
  readonly concurrency: number;
  /** It is found out; `concurrency` is that of the ideal and of the bare requests. */
  readonly auto: boolean;
  /** Objects of an incident travel inside its create. */
  readonly bundles: boolean;
}

/** Of the larger part of a reload, whose process is warm. */
export type ReloadFigures = Readonly<Record<keyof typeof MEANINGS, number>>;

/** Each figure, in the order of the table. */
export const MEANINGS = {
  objectsPerSecond: 'objects per second',
  ratio: 'of concurrency ÷ latency',
  bareRatio: 'of concurrency ÷ latency, bare requests',
  requestsPerObject: 'requests per object',
  commitsPerObject: 'commits, each a flush to the disk, per object',
  cpuMsPerWrite: 'processor ms per write, marginal',
  lastMs: 'wait for last, ms, mean',
  lastP95: 'wait for last, ms, p95',
  intentMs: 'wait for an intent, ms, mean',
  intentP95: 'wait for an intent, ms, p95',
  settleMs: 'wait for a settle, ms, mean',
  settleP95: 'wait for a settle, ms, p95',
  peakMiB: 'largest RSS, MiB',
} as const;

/** Incidents of the part that warms up: this many of all. */
const WARM = 0.2;

/** One reload by the packages beside `bench`, from and to a platform that this commit simulates. */
export async function runReload(bench: string, settings: ReloadSettings): Promise<ReloadFigures> {
  const { incidents, latencyMs, concurrency, auto, bundles } = settings;
  const simulator = await SimulatorHandle.start({ incidents, latencyMs });
  const { facts } = simulator;
  const bare = await bareWrites(facts, concurrency, 2_000);
  await simulator.requests();
  const child = fork(join(bench, 'measureReload.js'));
  const ended = once(child, 'exit');
  const lost = ended.then(([code]) => Promise.reject(new Error(`The measured host ended with exit code ${code}.`)));
  const small = Math.round(incidents * WARM);
  const task: ReloadTask = { facts, concurrency: auto ? 'auto' : concurrency, bundles, small };
  child.send(task);
  const part = async () => {
    const [figures] = (await Promise.race([once(child, 'message'), lost])) as [PartFigures];
    const requests = await simulator.requests();
    child.send('go on');
    return { ...figures, requests };
  };
  await part();
  const { objects, seconds, cpuMs, waits, commits, peakMiB, requests } = await part();
  lost.catch(() => undefined);
  await ended;
  await simulator.stop();
  const ideal = concurrency / (latencyMs / 1000);
  const times = (wait: Wait) => ({ [`${wait}Ms`]: waits[wait].mean, [`${wait}P95`]: waits[wait].p95 });
  return {
    objectsPerSecond: objects / seconds,
    ratio: requests.all / seconds / ideal,
    bareRatio: bare / ideal,
    requestsPerObject: requests.all / objects,
    commitsPerObject: commits / objects,
    cpuMsPerWrite: cpuMs / requests.writes,
    ...{ ...times('last'), ...times('intent'), ...times('settle') },
    peakMiB,
  } as ReloadFigures;
}
