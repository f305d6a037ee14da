/**
 * Reloads a platform that another process provides, in two parts, and sends the figures of each. The first part warms up
 * the process (a third of a short run is compilation), so that the second shows what each further write costs.
 */
import { once } from 'node:events';
import { makeHost, replica } from './makeHost.js';
import type { SimulatorFacts } from './simulatorProcess.js';
import { Waits } from './Waits.js';
import type { Figures } from './Waits.js';

/** From the parent: what to reload. */
export interface ReloadTask {
  readonly facts: SimulatorFacts;
  readonly concurrency: number | 'auto';
  /** Incidents of the first part. */
  readonly small: number;
}

export interface PartFigures {
  readonly objects: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly waits: Figures;
  /** The largest of the process up to now. */
  readonly peakMiB: number;
}

// Whoever asked is gone, or done.
process.once('disconnect', () => process.exit());
const [{ facts, concurrency, small }] = (await once(process, 'message')) as [ReloadTask];
const waits = await Waits.watch();
const feeds = { resilient_feed: replica(facts, concurrency) };
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
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const { objects } = await host.reload({ ...host.wholeRange(), minIncidentId, maxIncidentId });
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const figures: PartFigures = { objects, seconds, cpuMs: (user + system) / 1000, waits: waits.take(), peakMiB };
  const goOn = once(process, 'message');
  process.send?.(figures);
  await goOn;
}
