import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '@soar-feed/soar-simulator';

const BIN = fileURLToPath(new URL('../../../cli/bin/soar-feed.js', import.meta.url));

/** The real command with one feed, as a process that can be killed, in a folder of its own. */
export class HostProcess {
  output = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'soar-feed-kill-'));
  private child: ChildProcess | undefined;

  constructor(simulator: Simulator, feed: Readonly<Record<string, string>>) {
    const sections = {
      resilient: {
        ...{ host: simulator.host, port: simulator.restPort, stomp_port: simulator.stompPort, org: 201 },
        ...{ api_key_id: 'key-201', api_key_secret: 'secret-201', cafile: simulator.caFile },
      },
      feeds: { feed_names: 'feed', reload: 'true' },
      feed,
    };
    const text = Object.entries(sections).map(([name, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`);
      return `[${name}]\n${lines.join('\n')}\n`;
    });
    writeFileSync(join(this.folder, 'app.config'), text.join('\n'));
  }

  start(): void {
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.folder };
    this.child = spawn(process.execPath, [BIN, 'run', '--config', join(this.folder, 'app.config')], { env });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Ends the process at once (`SIGKILL`), or as an operator does. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until `holds`; fails after `ms`, saying what was missed. */
export async function until(holds: () => boolean | Promise<boolean>, what: () => string, ms = 60_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
