import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorHandle } from '../SimulatorHandle.js';
import { multiplyParked } from './multiply.js';
import { ScaleFolder, ScaleHost } from './ScaleHost.js';
import { tellProgress } from './tellProgress.js';

export interface ParkedFigures {
  readonly rows: number;
  readonly startSeconds: number;
  readonly startCpuSeconds: number;
  /** With the rows, and with those alone that the host itself has parked. */
  readonly rssMiB: number;
  readonly fewRssMiB: number;
  readonly liveMiB: number;
  readonly fewLiveMiB: number;
  readonly fewRows: number;
  /** Objects per second: loaded in the usual way, and brought back from their rows while all the others are there. */
  readonly loadedPerSecond: number;
  readonly replayedPerSecond: number;
}

const OBJECTS = 10;
/** Incidents that are parked by the host itself: a reload parks some hundred objects, then it waits for the target. */
const INCIDENTS = 40;
const LOOK_MS = 100;

/**
 * A host with so many parked rows. Half of what the source has is loaded in the usual way, the other half while the target is
 * away, so that it is parked; the other rows are copies of these, behind them in line. Then the target is back, and the time of the
 * first ones is taken.
 */
export async function measureParked(rows: number): Promise<ParkedFigures> {
  const [incidents, parked] = [INCIDENTS, INCIDENTS * OBJECTS];
  const copies = Math.max(2, Math.ceil(rows / parked));
  const simulator = await SimulatorHandle.start({ incidents: 2 * incidents, objects: OBJECTS });
  const folder = new ScaleFolder(simulator.facts);
  const ids = simulator.facts.incidentIds;
  const rangeFrom = (at: number): readonly [number, number] => [ids[at] ?? 0, ids[at + incidents - 1] ?? 0];
  try {
    tellProgress(`${incidents} incidents are loaded ...`);
    const first = await ScaleHost.start(folder);
    const loaded = await first.reload(rangeFrom(0));
    await simulator.away();
    tellProgress(`${incidents} incidents are parked ...`);
    await first.reload(rangeFrom(incidents));
    await first.end();
    const few = await standing(folder);
    await multiplyParked(folder, { from: 1, to: copies });
    const many = await standing(folder);
    tellProgress(`${parked} of ${rows} rows come back ...`);
    const replayedPerSecond = await replay(folder, simulator, parked);
    return {
      rows: parked * copies,
      ...many,
      ...{ fewRows: parked, fewRssMiB: few.rssMiB, fewLiveMiB: few.liveMiB },
      loadedPerSecond: loaded.perSecond,
      replayedPerSecond,
    };
  } finally {
    folder.remove();
    await simulator.stop();
  }
}

/** A host that waits for its target. */
async function standing(folder: ScaleFolder) {
  const host = await ScaleHost.start(folder);
  const { startSeconds } = host;
  const { rssMiB, liveMiB, cpuSeconds: startCpuSeconds } = await host.figures();
  await host.end();
  return { startSeconds, startCpuSeconds, rssMiB, liveMiB };
}

/** Objects per second, from the first that comes back to the last that the source has. */
async function replay(folder: ScaleFolder, simulator: SimulatorHandle, objects: number): Promise<number> {
  const host = await ScaleHost.start(folder);
  await simulator.back();
  await simulator.requests();
  let begunAt: number | undefined;
  let written = 0;
  let from = 0;
  for (;;) {
    await sleep(LOOK_MS);
    written += (await simulator.requests()).writes;
    const now = performance.now();
    if (written > 0 && begunAt === undefined) [begunAt, from] = [now, written];
    if (begunAt === undefined || written < objects) continue;
    await host.end();
    return (written - from) / ((now - begunAt) / 1000);
  }
}
