import { SimulatorHandle } from '../SimulatorHandle.js';
import { ScaleFolder, ScaleHost } from './ScaleHost.js';
import { tellProgress } from './tellProgress.js';

export interface ReloadMemory {
  readonly incidents: number;
  readonly objects: number;
  readonly perSecond: number;
  readonly cpuMsPerObject: number;
  readonly idleMiB: number;
  readonly peakMiB: number;
  /** After the reload. */
  readonly liveMiB: number;
}

/** The memory of a host that loads incidents with about 18 objects of every kind each into a replica. */
export async function measureReloadMemory(incidents: number): Promise<ReloadMemory> {
  tellProgress(`${incidents} incidents are made ...`);
  const simulator = await SimulatorHandle.start({ incidents, objects: 'demo' });
  const folder = new ScaleFolder(simulator.facts);
  try {
    const host = await ScaleHost.start(folder);
    const { rssMiB: idleMiB } = await host.figures();
    tellProgress(`${incidents} incidents are loaded ...`);
    const { objects, perSecond, cpuMsPerObject } = await host.reload(rangeOf(simulator.facts.incidentIds));
    const { peakMiB, liveMiB } = await host.figures();
    await host.end();
    return { incidents, objects, perSecond, cpuMsPerObject, idleMiB, peakMiB, liveMiB };
  } finally {
    folder.remove();
    await simulator.stop();
  }
}

/** Of ascending ids, both ends inclusive. */
export function rangeOf(incidentIds: readonly number[]): readonly [number, number] {
  return [incidentIds.at(0) ?? 0, incidentIds.at(-1) ?? 0];
}
