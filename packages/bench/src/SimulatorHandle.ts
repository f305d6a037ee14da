import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Change } from './makeChanges.js';
import type { Ask, Seed, SimulatorFacts, TargetRequests } from './simulatorProcess.js';

/** The simulator's process, asked one thing at a time. */
export class SimulatorHandle {
  private constructor(
    private readonly child: ChildProcess,
    readonly facts: SimulatorFacts,
  ) {}

  static async start(seed: Seed): Promise<SimulatorHandle> {
    const child = fork(fileURLToPath(new URL('./simulatorProcess.js', import.meta.url)));
    return new SimulatorHandle(child, (await asked(child, { ask: 'start', ...seed })) as SimulatorFacts);
  }

  async reset(): Promise<void> {
    await asked(this.child, { ask: 'reset' });
  }

  async writes(): Promise<number> {
    return (await asked(this.child, { ask: 'writes' })) as number;
  }

  /** Since they were last asked for. */
  async requests(): Promise<TargetRequests> {
    return (await asked(this.child, { ask: 'requests' })) as TargetRequests;
  }

  async slow(): Promise<void> {
    await asked(this.child, { ask: 'slow' });
  }

  /** The target organization answers nothing, until it is back. */
  async away(): Promise<void> {
    await asked(this.child, { ask: 'away' });
  }

  async back(): Promise<void> {
    await asked(this.child, { ask: 'back' });
  }

  async changes(changes: number, perSecond: number): Promise<readonly Change[]> {
    return (await asked(this.child, { ask: 'changes', changes, perSecond })) as readonly Change[];
  }

  async stop(): Promise<void> {
    await asked(this.child, { ask: 'stop' });
  }
}

function asked(child: ChildProcess, message: Ask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const lost = (code: number | null): void => reject(new Error(`The simulator ended with exit code ${code}.`));
    child.once('exit', lost);
    child.once('message', (answer: { readonly value: unknown }) => {
      child.off('exit', lost);
      resolve(answer.value);
    });
    child.send(message);
  });
}
