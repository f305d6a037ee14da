import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../cli/bin/soar-feed.js', import.meta.url));

type Line = Readonly<Record<string, unknown>>;

/** The real command as a process of its own, read line by line. */
export class CommandRun {
  readonly ended: Promise<unknown>;
  protected readonly child: ChildProcess;
  private readonly listeners = new Set<(line: Line) => void>();

  /** `nodeArgs`: of Node.js itself. */
  constructor(args: readonly string[], nodeArgs: readonly string[] = []) {
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', 'ipc'];
    this.child = spawn(process.execPath, [...nodeArgs, BIN, ...args], { stdio });
    this.ended = once(this.child, 'close');
    if (this.child.stdout === null) return;
    createInterface({ input: this.child.stdout }).on('line', (text) => {
      if (!text.startsWith('{') || this.listeners.size === 0) return;
      const line = JSON.parse(text) as Line;
      for (const listener of this.listeners) listener(line);
    });
  }

  /** Hears of every line that is JSON. */
  onLine(listener: (line: Line) => void): void {
    this.listeners.add(listener);
  }

  /** Resolves at such a line; rejects if the command ends first. */
  async logged(isIt: (line: Line) => boolean): Promise<void> {
    const found = new Promise<void>((resolve) => this.onLine((line) => isIt(line) && resolve()));
    await Promise.race([
      found,
      this.ended.then(() => Promise.reject(new Error('The command ended before it said so.'))),
    ]);
  }

  stop(): void {
    this.child.kill('SIGTERM');
  }
}
