import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export type LogLine = Readonly<Record<string, unknown>>;

export interface HostEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** `soar-feed run` as a process of its own; follows its log, which also goes to a file. */
export class HostProcess {
  readonly lines: LogLine[] = [];
  readonly ended: Promise<HostEnd>;
  private readonly child: ChildProcess;

  constructor(configFile: string, logFile: string) {
    const cli = dirname(createRequire(import.meta.url).resolve('@soar-feed/cli/package.json'));
    const args = [
      join(cli, 'bin', 'soar-feed.js'),
      'run',
      '--config',
      configFile,
      '--log-format',
      'json',
      '--log-level',
      'debug',
    ];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve({ code, signal })));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (text) => {
        appendFileSync(logFile, `${text}\n`);
        this.lines.push(parse(text));
      });
    }
  }

  saw(event: string): boolean {
    return this.lines.some((line) => line.event === event);
  }

  /** Stops it as a service manager does. */
  async stop(withinMs: number): Promise<HostEnd> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), withinMs);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text };
  }
}
