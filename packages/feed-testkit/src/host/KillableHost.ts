import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FeedStatus, ReloadReport } from '@soar-feed/core/runtime';
import type { SimOrg, Simulator } from '@soar-feed/soar-simulator';
import { onSite } from './onSite.js';
import type { Site, SiteOptions } from './onSite.js';
import { waitUntilSettled } from './waitUntilSettled.js';

export interface Question {
  readonly id: number;
  readonly ask: 'quiet' | 'feeds' | 'reload' | 'stop';
  readonly timeoutMs: number;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly problem?: string;
}

/** Always the built one: a process of its own loads no TypeScript. */
const PROGRAM = fileURLToPath(new URL('../../dist/host/hostProcess.js', import.meta.url));

/** A host in a process of its own, which a test may kill at any moment, and the simulated platform that it reads. */
export class KillableHost {
  /** The source as an analyst works in it: every change reaches the feeds. */
  readonly org: SimOrg;
  readonly simulator: Simulator;
  /** What the host wrote to its log, of all its processes. */
  output = '';
  private child: ChildProcess | undefined;
  private asked = 0;

  constructor(private readonly site: Site) {
    this.org = site.org;
    this.simulator = site.simulator;
  }

  /** Starts the host, with the state that the last one left. Throws with its output if it ends before it is ready. */
  async start(): Promise<void> {
    const child = fork(PROGRAM, [this.site.configFile], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => (this.output += text.toString()));
    }
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('close', () => reject(new Error(`The host ended before it was ready:\n${this.output.slice(-3_000)}`)));
    });
  }

  /** kill -9: nothing of the process gets a chance to end in good order. What it had under way comes again. */
  async kill(): Promise<void> {
    await this.gone('SIGKILL');
  }

  /** Loads everything that is there. */
  reload(): Promise<ReloadReport> {
    return this.ask('reload') as Promise<ReloadReport>;
  }

  /** As `RunningHost.settled`. */
  async settled(timeoutMs = 30_000): Promise<void> {
    const settling = {
      quiet: (ms: number) => this.ask('quiet', ms) as Promise<boolean>,
      feeds: () => this.ask('feeds') as Promise<readonly FeedStatus[]>,
    };
    await waitUntilSettled(this.org, settling, timeoutMs);
  }

  /** Stops the host and the platform, and removes the state. */
  async stop(): Promise<void> {
    try {
      if (this.child?.connected) await this.ask('stop').catch(() => undefined);
      await this.gone('SIGTERM');
    } finally {
      await this.site.simulator.stop();
      await this.site.folder.remove();
    }
  }

  private async gone(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await closed;
  }

  private ask(ask: Question['ask'], timeoutMs = 0): Promise<unknown> {
    const { child } = this;
    if (child === undefined) return Promise.reject(new Error('The host does not run.'));
    const id = (this.asked += 1);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        child.off('message', hear);
        child.off('close', end);
      };
      const end = (): void => {
        leave();
        reject(new Error(`The host ended:\n${this.output.slice(-3_000)}`));
      };
      const hear = (message: Answer): void => {
        if (message.id !== id) return;
        leave();
        if (message.problem === undefined) resolve(message.value);
        else reject(new Error(message.problem));
      };
      child.on('message', hear);
      child.once('close', end);
      child.send({ id, ask, timeoutMs } satisfies Question);
    });
  }
}

/** As `runHost`, with the host in a process of its own that can be killed. Needs the target as it was built. */
export function runKillableHost(options: SiteOptions): Promise<KillableHost> {
  return onSite(options, async (site) => {
    const host = new KillableHost(site);
    await host.start();
    return host;
  });
}
