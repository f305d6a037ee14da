import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export type LogLine = Readonly<Record<string, unknown>>;

/** `soar-feed run` as a process of its own, followed by its JSON log. */
export class HostProcess {
  private readonly child: ChildProcess;
  private readonly seen: LogLine[] = [];
  private readonly listeners = new Set<(line: LogLine) => void>();
  private readonly ended: Promise<number>;

  constructor(configFile: string) {
    const cli = dirname(createRequire(import.meta.url).resolve('@soar-feed/cli/package.json'));
    const args = [join(cli, 'bin', 'soar-feed.js'), 'run', '--config', configFile, '--log-format', 'json'];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.child.once('close', (code) => resolve(code ?? -1)));
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    lines.on('line', (text) => this.take(text));
  }

  onLine(listener: (line: LogLine) => void): void {
    this.listeners.add(listener);
  }

  /** The first line with this `event`; rejects when the process ends or the time is up first. */
  async event(name: string, withinMs: number): Promise<LogLine> {
    const before = this.seen.find((line) => line.event === name);
    if (before !== undefined) return before;
    return new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new Error(`No ${name} from the host: ${why}. Its last lines:\n${this.lastLines()}`));
      const timer = setTimeout(() => fail(`not within ${withinMs / 1000} s`), withinMs);
      void this.ended.then((code) => fail(`it ended with exit code ${code}`));
      this.onLine((line) => {
        if (line.event !== name) return;
        clearTimeout(timer);
        resolve(line);
      });
    });
  }

  /** Stops it as a service manager does. */
  async stop(withinMs: number): Promise<number> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), withinMs);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  kill(): void {
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
  }

  private take(text: string): void {
    const line = parse(text);
    this.seen.push(line);
    for (const listener of this.listeners) listener(line);
  }

  private lastLines(): string {
    return this.seen
      .slice(-10)
      .map((line) => JSON.stringify(line))
      .join('\n');
  }
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text };
  }
}
