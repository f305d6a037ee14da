/**
 * Measures a host of its own against a platform that another process provides: first what warms it up (a third of a short
 * run is compilation), then the part that counts. Sends the figures of each part.
 */
import { once } from 'node:events';
import { Commits } from './Commits.js';
import { files, makeHost, replica, sqlite } from './makeHost.js';
import type { SimulatorFacts } from './simulatorProcess.js';
import { Waits } from './Waits.js';
import type { Figures } from './Waits.js';

/**
 * `reload`: everything is new to the target. `again`: the same once more, unchanged. `live`: notes by the queue, all at once.
 * `fan-out`: a reload into a replica, a database and files.
 */
export type Scenario = 'reload' | 'again' | 'live' | 'fan-out';

/** From the parent: what to measure. */
export interface ScenarioTask {
  readonly scenario: Scenario;
  readonly facts: SimulatorFacts;
  readonly concurrency: number | 'auto';
  readonly bundles: boolean;
  /** Incidents of the first part of a reload. */
  readonly small: number;
}

/** From this process. */
export type Report =
  /** The queue is read: make changes, and say how many were acknowledged. */
  'changes' | PartFigures;

export interface PartFigures {
  readonly objects: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly waits: Figures;
  readonly commits: number;
  /** The largest of the process up to now. */
  readonly peakMiB: number;
}

// Whoever asked is gone, or done.
process.once('disconnect', () => process.exit());
const [{ scenario, facts, concurrency, bundles, small }] = (await once(process, 'message')) as [ScenarioTask];
const waits = await Waits.watch();
const commits = Commits.watch();
const beside = scenario === 'fan-out' ? { files, sqlite } : {};
const feeds = { resilient_feed: replica(facts, { concurrency, bundles }), ...beside };
const { host, remove } = await makeHost(facts, { feeds, spillAfter: '10m' });
await host.start({ queue: scenario === 'live', reload: false });
const ids = facts.incidentIds;
const [first, second] = {
  reload: [() => loaded(ids.slice(0, small)), () => loaded(ids.slice(small))],
  again: [async () => (await loaded(ids)) + (await loaded(ids)), () => loaded(ids)],
  live: [async () => (await loaded(ids)) + (await changed()), changed],
  'fan-out': [() => loaded(ids.slice(0, small)), () => loaded(ids.slice(small))],
}[scenario] as [Part, Part];
await measured(first);
await measured(second);
await host.stop();
remove();
process.disconnect();

/** Gives the number of objects. */
type Part = () => Promise<number>;

async function loaded(part: readonly number[]): Promise<number> {
  const [minIncidentId = 0, maxIncidentId = 0] = [part.at(0), part.at(-1)];
  const { objects } = await host.reload({ ...host.wholeRange(), minIncidentId, maxIncidentId });
  return objects;
}

async function changed(): Promise<number> {
  report('changes');
  const [changes] = (await once(process, 'message')) as [number];
  return changes;
}

/** The parent counts the requests of each part before it lets the next one begin. */
async function measured(part: Part): Promise<void> {
  waits.take();
  commits.take();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const objects = await part();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const goOn = once(process, 'message');
  report({
    ...{ objects, seconds, cpuMs: (user + system) / 1000, peakMiB },
    ...{ waits: waits.take(), commits: commits.take() },
  });
  await goOn;
}

function report(what: Report): void {
  process.send?.(what);
}
