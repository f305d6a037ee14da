import {
  optionalReadings,
  PlatformError,
  Random,
  randomOperation,
  seedIncidents,
  writeThreads,
} from '@soar-feed/soar-simulator';
import type { FaultOptions } from '@soar-feed/soar-simulator';
import type { Happening } from '../plan/Story.js';
import { flip, move } from './changeHands.js';
import { delayParents } from './delayParents.js';
import { repeatLate } from './repeatLate.js';
import { reviseAll } from './reviseAll.js';
import { closeLateTasks, writeClosings } from './writeClosings.js';
import { writeEquals } from './writeEquals.js';
import { writeFamilies } from './writeFamilies.js';
import { writeOddValues } from './oddValues.js';
import type { World } from './World.js';

/** An incident that somebody opens, with its first objects. */
const OPENED = { incidents: 1, objects: [2, 6], messages: true } as const;

/** Lets it happen. */
export function perform(world: World, happening: Happening): void {
  happen(world, happening);
  if (world.story.site.closesAfterTasks === true) closeLateTasks(world.source);
}

function happen(world: World, happening: Happening): void {
  world.note(JSON.stringify(happening));
  world.count(happening.do);
  const { source, simulator, machine } = world;
  const strike = (forMs: number, end: () => void): void => {
    world.troubles += 1;
    machine.time.after(forMs, undefined, end);
    // What it broke may show a little later.
    machine.time.after(forMs + 60_000, undefined, () => (world.troubles -= 1));
  };
  const fault = (options: FaultOptions, forMs: number): void => {
    const added = simulator.faults.add(options);
    strike(forMs, () => added.remove());
  };
  switch (happening.do) {
    case 'work':
      return attempt(() => void randomOperation(source, new Random(happening.seed)));
    case 'fault':
      if (happening.refuses === true) world.count('refusal');
      return fault({ org: world[happening.side].id, ...happening.fault }, happening.forMs);
    case 'unread': {
      const reading = optionalReadings[happening.reading as keyof typeof optionalReadings];
      return fault({ ...reading, status: happening.status }, happening.forMs);
    }
    case 'crash':
      return world.crashAfter(happening.effects, happening.downMs, happening.torn);
    case 'suspend':
      return world.suspendAfter(happening.effects, {
        forMs: happening.forMs,
        successor: happening.successor === true,
      });
    case 'second-host':
      return world.succession.startSecond();
    case 'restart':
      return world.restart(happening.downMs);
    case 'broker-restart':
      return void simulator.broker.restart(happening.downMs);
    case 'drop-connections':
      return simulator.broker.dropConnections();
    case 'expire-sessions':
      return source.expireSessions();
    case 'duplicate':
      return simulator.broker.duplicateNext(happening.count);
    case 'late-parents':
      return delayParents(world, happening.count, happening.forMs);
    case 'repeat-late':
      return repeatLate(world, happening.count, happening.forMs);
    case 'disk':
      world.diskFault = { code: happening.fault, done: happening.done ?? false };
      return strike(happening.forMs, () => (world.diskFault = undefined));
    case 'slow-disk':
      machine.diskDelayMs = happening.ms;
      return strike(happening.forMs, () => (machine.diskDelayMs = 0));
    case 'flip':
      return attempt(() => flip(source, new Random(happening.seed)));
    case 'move':
      return attempt(() => move(source, new Random(happening.seed)));
    case 'clock':
      if (happening.of !== 'host') return void (world[happening.of].clockOffsetMs = happening.offsetMs);
      world.hostSkewMs = happening.offsetMs;
      if (world.host !== undefined) world.host.life.skewMs = happening.offsetMs;
      return;
    case 'back-up':
      return void (world.backup = source.backUp());
    case 'restore':
      if (world.backup === undefined) return;
      source.restore(world.backup, { ids: happening.ids });
      world.restored = true;
      return;
    case 'threads':
      return attempt(() => writeThreads(source, happening.seed, happening.steps));
    case 'revise':
      return attempt(() => reviseAll(source, happening.seed));
    case 'equals':
      return attempt(() => writeEquals(source, happening.seed, happening.count));
    case 'families':
      return attempt(() => writeFamilies(source, happening.seed, happening.steps));
    case 'close':
      return attempt(() => writeClosings(source, happening.seed));
    case 'remove':
      return attempt(() => {
        const ids = source.incidentIds();
        if (ids.length > 1) source.deleteIncident(new Random(happening.seed).pick(ids));
      });
    case 'open':
      return attempt(() => void seedIncidents(source, { ...OPENED, seed: happening.seed }));
    case 'lose-rows':
      return world.restart(happening.downMs, () => {
        const ids = source.incidentIds();
        return ids.length === 0 ? undefined : world.mapping.loseRows(new Random(happening.seed).pick(ids));
      });
    case 'odd-values':
      return attempt(() => writeOddValues(source, happening.seed));
    case 'copy-mapping':
      return world.restart(10, () => world.mapping.copy());
    case 'lose-mapping':
      return world.restart(happening.downMs, () => world.mapping.lose());
  }
}

/** An analyst gives up what the organization refuses. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (
      !(error instanceof PlatformError) &&
      !/^No operation was possible|Nothing to pick/.test((error as Error).message)
    )
      throw error;
  }
}
