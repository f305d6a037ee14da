import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { HOSTILE } from './samples.js';
import { until } from './until.js';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const BIN = join(REPOSITORY, 'packages/cli/bin/soar-feed.js');

/**
 * A target that refuses notes, in hostile words, until the file `gate` is there. It remembers what it got under hostile
 * names.
 */
const PICKY = `
import { existsSync } from 'node:fs';
import { defineFeedTarget, FeedTokens, field, PermanentError, z } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
class Picky {
  capabilities = { deletes: 'apply', content: false };
  constructor(config) { this.config = config; }
  async open() {}
  async deliver({ key }) {
    if (key.type === 'note' && !existsSync(this.config.gate)) throw new PermanentError(${JSON.stringify(`No notes here: ${HOSTILE}`)}, { code: 'picky-refused' });
    return { status: 'delivered', change: 'created' };
  }
  async close() {}
}
export default defineFeedTarget({
  type: 'picky', contract: 1, summary: 'Refuses notes.', config: z.object({ gate: field.path() }),
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target).toResolvedValue((config) => new Picky(config), [FeedTokens.Config]).inSingletonScope();
  }),
});
`;

/** Two simulated organizations, and the real host as a process of its own between them, as an operator runs it. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'soar-feed-page-'));
  private host: ChildProcess | undefined;
  /** What it wrote so far. */
  output = '';

  static async start(): Promise<World> {
    const simulator = await startSimulator({
      orgs: [
        { id: 201, name: 'Acme' },
        { id: 301, name: 'Mirror', feedQueue: false },
      ],
    });
    const org = simulator.org(201);
    org.setRules(false);
    const made = [`Phish ${HOSTILE}`, 'Second'].map((name) => {
      const { id } = org.createIncident({ name, discovered_date: 1_700_000_000_000 });
      for (const text of ['One', 'Two']) org.addNote({ incidentId: id }, text);
      return id;
    });
    org.setRules(true);
    const world = new World(simulator, made[0] ?? 0, await freePort());
    world.writePicky();
    writeFileSync(join(world.folder, 'app.config'), world.config());
    await world.run();
    return world;
  }

  private constructor(
    readonly simulator: Simulator,
    /** Of the source: one with a hostile title. */
    readonly incidentId: number,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The real command, to its end: its standard output. */
  async command(...args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [BIN, ...args], { cwd: this.folder });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    await new Promise((resolve) => child.on('close', resolve));
    return text;
  }

  /** As `soar-feed page` asks for it. */
  token(): Promise<string> {
    return new Promise((resolve, reject) => {
      get({ socketPath: join(this.folder, 'soar-feed.db.sock'), path: '/page' }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve((JSON.parse(text) as { token: string }).token));
      }).on('error', reject);
    });
  }

  openGate(): void {
    writeFileSync(join(this.folder, 'gate'), '');
  }

  async stopHost(): Promise<void> {
    const { host } = this;
    if (host === undefined) return;
    this.host = undefined;
    const ended = new Promise((resolve) => host.on('close', resolve));
    host.kill('SIGTERM');
    await ended;
  }

  async stop(): Promise<void> {
    await this.stopHost();
    await this.simulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  logged(event: string): boolean {
    return this.output.includes(`"event":"${event}"`);
  }

  private async run(): Promise<void> {
    this.host = spawn(process.execPath, [BIN, 'run', '--log-format', 'json'], { cwd: this.folder });
    for (const stream of [this.host.stdout, this.host.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    await until(
      () => this.logged('reload.finished') || this.host?.exitCode !== null,
      () => `the host has loaded everything:\n${this.output}`,
      240_000,
    );
    if (!this.logged('reload.finished')) throw new Error(`the host ended:\n${this.output}`);
  }

  private config(): string {
    const { host, restPort, stompPort, caFile } = this.simulator;
    const login = (org: string, id: number): string =>
      `host=${host}\nport=${restPort}\norg=${org}\napi_key_id=key-${id}\napi_key_secret=secret-${id}\ncafile=${caFile}\n`;
    return `[resilient]\n${login('Acme', 201)}stomp_port=${stompPort}
[feeds]\nfeed_names=replica,picky\ntarget_packages=picky\nreload=true\nstatus_port=${this.port}
[replica]\nclass=ResilientFeed\n${login('Mirror', 301)}sqlite_sync_file=sync.sqlite3
[picky]\nclass=picky\ngate=gate\n`;
  }

  private writePicky(): void {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(join(modules, 'picky'), { recursive: true });
    const manifest = {
      name: 'picky',
      version: '1.0.0',
      type: 'module',
      main: 'index.js',
      soarFeed: { contract: 1, types: ['picky'] },
    };
    writeFileSync(join(modules, 'picky/package.json'), JSON.stringify(manifest));
    writeFileSync(join(modules, 'picky/index.js'), PICKY);
    mkdirSync(join(modules, '@soar-feed'));
    symlinkSync(join(REPOSITORY, 'packages/core'), join(modules, '@soar-feed/core'));
    if (!existsSync(join(modules, 'inversify')))
      symlinkSync(join(REPOSITORY, 'node_modules/inversify'), join(modules, 'inversify'));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
