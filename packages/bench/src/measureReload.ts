/**
 * Reloads a platform that another process provides, in two parts, and sends the figures of each. The first part warms up
 * the process (a third of a short run is compilation), so that the second shows what each further write costs.
 */
import { once } from 'node:events';
import { Commits } from './Commits.js';
import { makeHost, replica } from './makeHost.js';
import type { SimulatorFacts } from './simulatorProcess.js';
import { Waits } from './Waits.js';
import type { Figures } from './Waits.js';

/** From the parent: what to reload. */
export interface ReloadTask {
  readonly facts: SimulatorFacts;
  readonly concurrency: number | 'auto';
  readonly bundles: boolean;
  /** Incidents of the first part. */
  readonly small: number;
}

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
const [{ facts, concurrency, bundles, small }] = (await once(process, 'message')) as [ReloadTask];
const waits = await Waits.watch();
const commits = Commits.watch();
const feeds = { resilient_feed: replica(facts, { concurrency, bundles }) };
const { host, remove } = await makeHost(facts, { feeds, spillAfter: '10m' });
await host.start({ queue: false, reload: false });
const ids = facts.incidentIds;
for (const part of [ids.slice(0, small), ids.slice(small)]) await reload(part);
await host.stop();
remove();
process.disconnect();

/** The parent counts the requests of each part before it lets the next one begin. */
async function reload(part: readonly number[]): Promise<void> {
  const [minIncidentId = 0, maxIncidentId = 0] = [part.at(0), part.at(-1)];
  waits.take();
  commits.take();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const { objects } = await host.reload({ ...host.wholeRange(), minIncidentId, maxIncidentId });
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const figures: PartFigures = {
    ...{ objects, seconds, cpuMs: (user + system) / 1000, peakMiB },
    ...{ waits: waits.take(), commits: commits.take() },
  };
  const goOn = once(process, 'message');
  process.send?.(figures);
  await goOn;
}
