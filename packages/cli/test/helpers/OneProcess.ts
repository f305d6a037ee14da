import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

const RUN_CLI = new URL('../../dist/runCli.js', import.meta.url).href;

/** Takes a line of JSON with the arguments of a command, and gives one with its exit code and its output. */
const LOOP = `
import { createInterface } from 'node:readline';
import { runCli } from ${JSON.stringify(RUN_CLI)};
const write = process.stdout.write.bind(process.stdout);
for await (const line of createInterface({ input: process.stdin })) {
  let stdout = '';
  process.stdout.write = (chunk) => ((stdout += chunk), true);
  const code = await runCli(JSON.parse(line));
  write(JSON.stringify({ code, stdout }) + '\\n');
}
`;

export interface Answered {
  readonly code: number;
  readonly stdout: string;
}

/** Many commands one after the other in one process: a process for each would take most of the time. */
export class OneProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly answers: AsyncIterator<string>;

  /** What the commands write to standard error is not shown. */
  constructor(folder: string) {
    this.child = spawn(process.execPath, ['--input-type=module', '-e', LOOP], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async run(...args: readonly string[]): Promise<Answered> {
    this.child.stdin.write(`${JSON.stringify(args)}\n`);
    const { value, done } = await this.answers.next();
    if (done === true) throw new Error(`The process ended at ${args.join(' ')}.`);
    return JSON.parse(value) as Answered;
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    if (this.child.exitCode === null) await new Promise((resolve) => this.child.once('close', resolve));
  }
}
