import { setTimeout as sleep } from 'node:timers/promises';
import { writeThreads } from '@soar-feed/soar-simulator';
import type { Fault, FaultOptions } from '@soar-feed/soar-simulator';
import type { Disturbance } from '../plan/Plan.js';
import { holdLock } from '../world/holdLock.js';
import type { World } from '../world/World.js';
import { poison } from './poison.js';
import { restore } from './restore.js';
import { writeLargeIntegers } from './writeLargeIntegers.js';

/** How long the server works on the request at which a process is killed, ms: the request takes effect for certain. */
const AT_WORK_MS = 60;

/** Strikes as the plan says. What takes time runs beside the workload; `over` waits for all of it. */
export class Disturber {
  private readonly under: Promise<void>[] = [];
  private readonly standing: { readonly until: number; readonly fault: Fault }[] = [];
  private ended = false;

  constructor(
    private readonly world: World,
    private readonly disturbances: readonly Disturbance[],
  ) {}

  /** Called after operation `count`. */
  at(count: number): void {
    for (const { until, fault } of this.standing) if (until === count) fault.remove();
    for (const each of this.disturbances) if (each.at === count) this.strike(each);
  }

  /** Begins no more trouble; resolves when everything that was begun is over. */
  async over(): Promise<void> {
    this.ended = true;
    this.world.simulator.faults.clear();
    await Promise.all(this.under);
    await this.world.detour.over();
    this.world.simulator.faults.clear();
  }

  private strike(trouble: Disturbance): void {
    const { world } = this;
    const { at: _, kind, ...details } = trouble;
    world.timeline.add('trouble', `${kind} ${JSON.stringify(details)}`);
    switch (trouble.kind) {
      case 'fault':
        return this.addFault(trouble.until, { org: world[trouble.side].id, ...trouble.fault });
      case 'kill':
        return this.begin(world.kill(trouble.downMs));
      case 'kill-at-request':
        return this.begin(this.killAtRequest(trouble.method, trouble.downMs));
      case 'kill-at-ack':
        return this.begin(this.killAtAck(trouble.acks, trouble.downMs));
      case 'restart':
        return this.begin(world.restart(trouble.downMs));
      case 'broker-restart':
        return this.begin(world.simulator.broker.restart(trouble.downMs));
      case 'drop-connections':
        return world.simulator.broker.dropConnections();
      case 'expire-sessions':
        return world.source.expireSessions();
      case 'duplicate':
        return world.simulator.broker.duplicateNext(trouble.count);
      case 'late-parents':
        return world.detour.delayParents(trouble.count, trouble.forMs);
      case 'lock':
        return this.begin(holdLock(trouble.store === 'state' ? world.stateFile : world.mappingFile, trouble.forMs));
      case 'clock':
        world[trouble.side].clockOffsetMs = trouble.offsetMs;
        return;
      case 'back-up':
        world.backup = world.source.backUp();
        return;
      case 'restore':
        return restore(world, trouble.ids);
      case 'threads':
        return writeThreads(world.source, trouble.seed, trouble.steps);
      case 'large-integers':
        return writeLargeIntegers(world.source, trouble.count);
      case 'poison':
        return poison(world);
    }
  }

  private addFault(until: number, options: FaultOptions): void {
    this.standing.push({ until, fault: this.world.simulator.faults.add(options) });
  }

  private async killAtRequest(method: string, downMs: number): Promise<void> {
    const { simulator, target } = this.world;
    const fault = simulator.faults.add({ org: target.id, method, lateCommitMs: AT_WORK_MS, times: 1 });
    if (await this.comes(() => fault.hits > 0)) await this.world.kill(downMs);
  }

  private async killAtAck(acks: number, downMs: number): Promise<void> {
    const { acked } = this.world.simulator.broker;
    const wanted = acked.length + acks;
    if (await this.comes(() => acked.length >= wanted)) await this.world.kill(downMs);
  }

  /** Waits for the condition; `false`: the run ended first. */
  private async comes(condition: () => boolean): Promise<boolean> {
    while (!condition()) {
      if (this.ended) return false;
      await sleep(1);
    }
    return true;
  }

  private begin(work: Promise<void>): void {
    this.under.push(work);
  }
}
