import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/soar-feed.js', import.meta.url));
/** Longest life of a process in a test, unless it says otherwise; ms. */
const DEADLINE_MS = 45_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
}

/** The real command as its own process, its output piped. */
export class SoarFeed {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;

  constructor(args: readonly string[], { cwd, env = {}, deadlineMs = DEADLINE_MS }: SpawnOptions = {}) {
    const clean = { PATH: process.env['PATH'] ?? '', HOME: cwd ?? '/nonexistent', ...env };
    this.child = spawn(process.execPath, [BIN, ...args], { cwd, env: clean, timeout: deadlineMs });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** The lines of its JSON log so far. */
  get log(): readonly Readonly<Record<string, unknown>>[] {
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Resolves at a log line with this `event`; fails when the process ends first. */
  async event(name: string): Promise<Readonly<Record<string, unknown>>> {
    let over = false;
    void this.ended.then(() => (over = true));
    for (;;) {
      const line = this.log.find((candidate) => candidate['event'] === name);
      if (line !== undefined) return line;
      if (over) throw new Error(`ended without ${name}:\n${this.stdout}\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** As `| head` does: from now on nobody reads what the process writes there. */
  stopReading(stream: 'stdout' | 'stderr'): void {
    this.child[stream]?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

/** Runs the command to its end. */
export function soarFeed(args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return new SoarFeed(args, options).ended;
}
