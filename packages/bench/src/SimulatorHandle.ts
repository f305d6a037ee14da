import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Change } from './makeChanges.js';
import type { Ask, SimulatorFacts } from './simulatorProcess.js';

/** The simulator's process, asked one thing at a time. */
export class SimulatorHandle {
  private constructor(
    private readonly child: ChildProcess,
    readonly facts: SimulatorFacts,
  ) {}

  static async start(incidents: number, latencyMs: number): Promise<SimulatorHandle> {
    const child = fork(fileURLToPath(new URL('./simulatorProcess.js', import.meta.url)));
    return new SimulatorHandle(child, (await asked(child, { ask: 'start', incidents, latencyMs })) as SimulatorFacts);
  }

  async reset(): Promise<void> {
    await asked(this.child, { ask: 'reset' });
  }

  async writes(): Promise<number> {
    return (await asked(this.child, { ask: 'writes' })) as number;
  }

  async slow(): Promise<void> {
    await asked(this.child, { ask: 'slow' });
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
