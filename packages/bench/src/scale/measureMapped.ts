import { SimulatorHandle } from '../SimulatorHandle.js';
import { timeLookups } from './lookups.js';
import type { LookupFigures } from './lookups.js';
import { rangeOf } from './measureMemory.js';
import { multiplyMapped } from './multiply.js';
import { ScaleFolder, ScaleHost } from './ScaleHost.js';
import type { ReloadTaken } from './ScaleHost.js';
import { tellProgress } from './tellProgress.js';

export interface MappedFigures extends LookupFigures {
  readonly objects: number;
  readonly incidents: number;
  /** From the start of the process until it is ready. */
  readonly startSeconds: number;
  /** Processor time of that. */
  readonly startCpuSeconds: number;
  readonly idleMiB: number;
  /** After reloads of nothing changed. */
  readonly peakMiB: number;
  readonly liveMiB: number;
  /** Objects per second of a reload of nothing changed, the best of three: other work can only slow it down. */
  readonly unchangedPerSecond: number;
  readonly unchangedCpuMsPerObject: number;
}

/** Objects of an incident. */
const OBJECTS = 10;
const RELOADS = 3;
/** How often the objects that the source has are mapped. */
const STAGES = [1, 10, 100];

/**
 * Hosts that know more and more objects, at last this many. The source has a hundredth of them, which are loaded in the usual
 * way first; the others are copies of their rows. Only what the source has is loaded again.
 */
export async function measureMapped(objects: number): Promise<readonly MappedFigures[]> {
  const incidents = Math.ceil(objects / OBJECTS / 100);
  tellProgress(`${incidents} incidents are loaded for the first time ...`);
  const simulator = await SimulatorHandle.start({ incidents, objects: OBJECTS });
  const folder = new ScaleFolder(simulator.facts);
  const range = rangeOf(simulator.facts.incidentIds);
  const figures: MappedFigures[] = [];
  try {
    const first = await ScaleHost.start(folder);
    await first.reload(range);
    await first.end();
    for (const [at, to] of STAGES.entries()) {
      tellProgress(`${to * incidents} incidents are mapped ...`);
      await multiplyMapped(folder, { from: STAGES[at - 1] ?? 1, to });
      figures.push(await measureStage(folder, range, { incidents: to * incidents }));
    }
    return figures;
  } finally {
    folder.remove();
    await simulator.stop();
  }
}

async function measureStage(
  folder: ScaleFolder,
  range: readonly [number, number],
  { incidents }: { readonly incidents: number },
): Promise<MappedFigures> {
  const lookups = await timeLookups(folder);
  const host = await ScaleHost.start(folder);
  const { startSeconds } = host;
  const { rssMiB: idleMiB, cpuSeconds: startCpuSeconds } = await host.figures();
  const taken: ReloadTaken[] = [];
  for (let count = 0; count < RELOADS; count += 1) taken.push(await host.reload(range));
  const { peakMiB, liveMiB } = await host.figures();
  await host.end();
  return {
    ...{ objects: incidents * OBJECTS, incidents, startSeconds, startCpuSeconds, idleMiB, peakMiB, liveMiB },
    unchangedPerSecond: Math.max(...taken.map(({ perSecond }) => perSecond)),
    unchangedCpuMsPerObject: Math.min(...taken.map(({ cpuMsPerObject }) => cpuMsPerObject)),
    ...lookups,
  };
}
