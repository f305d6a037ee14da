import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { OrgOptions, SimOrg, Simulator } from '@soar-feed/soar-simulator';

const EXAMPLE = fileURLToPath(new URL('..', import.meta.url));

export type Line = Readonly<Record<string, unknown>>;

export interface FanOutOptions {
  /** For the state and the destinations that are files; empty. */
  readonly folder: string;
  readonly source: OrgOptions;
  readonly target: OrgOptions;
  /** Where the webhook posts to. */
  readonly webhookUrl: string;
  /** Changes the text of the example's app.config. */
  readonly edit?: (config: string) => string;
}

/** The example's program as a process of its own, on a simulated platform. */
export class FanOut {
  static async start(options: FanOutOptions): Promise<FanOut> {
    const { folder, source, target, edit = (config) => config } = options;
    const simulator = await startSimulator({ orgs: [source, target] });
    mkdirSync(join(folder, 'archive'));
    const config = readFileSync(join(EXAMPLE, 'app.config'), 'utf8');
    const customTarget = join(EXAMPLE, '..', 'custom-target');
    writeFileSync(join(folder, 'app.config'), edit(config.replace('=../custom-target', () => `=${customTarget}`)));
    return new FanOut(simulator, options);
  }

  readonly source: SimOrg;
  readonly lines: Line[] = [];
  /** Both streams. */
  log = '';
  private program: ChildProcess | undefined;
  private ended: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly simulator: Simulator,
    private readonly options: FanOutOptions,
  ) {
    this.source = simulator.org(options.source.id);
  }

  get folder(): string {
    return this.options.folder;
  }

  async run(): Promise<void> {
    const { simulator, folder } = this;
    const { source, target, webhookUrl } = this.options;
    const { host, caFile } = simulator;
    const env = {
      ...process.env,
      ...{ SOAR_HOST: host, SOAR_PORT: String(simulator.restPort), SOAR_STOMP_PORT: String(simulator.stompPort) },
      ...{ SOAR_ORG: source.name, SOAR_KEY_ID: `key-${source.id}`, SOAR_KEY_SECRET: `secret-${source.id}` },
      ...{ REPLICA_HOST: host, REPLICA_PORT: String(simulator.restPort), REPLICA_ORG: target.name },
      ...{ REPLICA_KEY_ID: `key-${target.id}`, REPLICA_KEY_SECRET: `secret-${target.id}` },
      ...{ SOAR_CAFILE: caFile, REPLICA_CAFILE: caFile, FEED_FOLDER: folder },
      ...{ WEBHOOK_URL: webhookUrl, WEBHOOK_TOKEN: 'top-secret' },
    };
    const program = spawn(process.execPath, [join(EXAMPLE, 'dist', 'main.js'), join(folder, 'app.config')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.program = program;
    this.ended = new Promise((resolve) => program.once('close', resolve));
    createInterface({ input: program.stdout }).on('line', (text) => this.take(text));
    program.stderr.on('data', (text: Buffer) => (this.log += text.toString()));
    await this.until('the host is ready', () => this.log.includes('host.ready'));
  }

  /** Resolves when the platform has the answer to every message: all its feeds have the change, or keep it. */
  async answered(): Promise<void> {
    await this.source.settled();
    await Promise.all(this.source.invocations().map(({ done }) => done));
  }

  async until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const startedMs = performance.now();
      if (await holds()) return;
      if (Date.now() > deadline)
        throw new Error(`Not within ${withinMs / 1_000} s: ${what}.\n${this.log.slice(-3_000)}`);
      // A check that takes long must not take the time of what it waits for.
      await sleep(Math.max(50, 4 * (performance.now() - startedMs)));
    }
  }

  /** Stops the program as a service manager does; gives its exit code. */
  async end(): Promise<unknown> {
    this.program?.kill('SIGTERM');
    return this.ended;
  }

  async stop(): Promise<void> {
    this.program?.kill('SIGKILL');
    await this.ended;
    await this.simulator.stop();
  }

  private take(text: string): void {
    // Debug lines are kept apart: a failure shows the others.
    const line = text.startsWith('{') ? (JSON.parse(text) as Line) : {};
    this.lines.push(line);
    if (line['level'] !== 'debug') this.log += `${text}\n`;
  }
}
