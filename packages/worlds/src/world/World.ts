import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { OrgBackup, Simulator, SimOrg } from '@soar-feed/soar-simulator';
import type { Dial } from '@soar-feed/soar-client';
import { readRows } from '../machine/gateSqlite.js';
import { MemorySocket } from '../machine/MemorySocket.js';
import type { Story } from '../plan/Story.js';
import { currentLife } from '../virtual/lives.js';
import type { Life } from '../virtual/lives.js';
import type { Effect, Machine } from '../virtual/Machine.js';
import { Host } from './Host.js';
import { siteConfig } from './siteConfig.js';

/** The leases of this process; those of a killed one are nobody's any more. */
const leases = (): Set<string> | undefined => (globalThis as { [LIVING]?: Set<string> })[LIVING];
const LIVING = Symbol.for('@soar-feed/store:leases');

/** A service manager starts again what ended, after this time. ms. */
const SERVICE_PAUSE_MS = 10_000;

/** Two organizations, their broker, and the host's machine: everything of one story. */
export class World {
  readonly source: SimOrg;
  readonly target: SimOrg;
  /** What went wrong at once, and needs no judge. */
  readonly mishaps: string[] = [];
  readonly hosts: Host[] = [];
  readonly counts: Record<string, number> = {};
  backup: OrgBackup | undefined;
  restored = false;
  /** Faults that strike at the moment. */
  troubles = 0;
  /** Set while the disk refuses changes. */
  diskFault: string | undefined;
  hostSkewMs = 0;
  effects = 0;
  /** Hears of a killed host once its files are its successor's. */
  onCrash: () => Promise<void> = () => Promise.resolve();
  private readonly hash = createHash('sha256');
  private crashes: { readonly effect: number; readonly downMs: number }[] = [];
  private current: Host | undefined;

  private constructor(
    readonly machine: Machine,
    readonly simulator: Simulator,
    readonly folder: string,
    readonly story: Story,
    ids: { readonly source: number; readonly target: number },
  ) {
    this.source = simulator.org(ids.source);
    this.target = simulator.org(ids.target);
    this.source.clockOffsetMs = story.clocks.source;
    this.target.clockOffsetMs = story.clocks.target;
    this.hostSkewMs = story.clocks.host;
    machine.onEffect = (life, effect, when, what) => this.meet(life, effect, when, what);
    machine.diskFault = (_life, sql) => (this.diskFault !== undefined && isChange(sql) ? this.diskFault : undefined);
  }

  static async open(machine: Machine, story: Story, folder: string): Promise<World> {
    const orgs = demoOrgs();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'files'), { recursive: true });
    writeFileSync(join(folder, 'app.config'), siteConfig(orgs, story.site));
    const simulator = await startSimulator({
      orgs: [orgs.source, orgs.target],
      behaviour: story.behaviour,
      random: story.seed,
      sockets: false,
    });
    return new World(machine, simulator, folder, story, { source: orgs.source.id, target: orgs.target.id });
  }

  get queue(): string {
    return `actions.${this.source.id}.feed_data`;
  }

  get feeds(): readonly string[] {
    return this.story.site.fileFeed ? ['resilient_feed', 'file_feed'] : ['resilient_feed'];
  }

  get stateFile(): string {
    return join(this.folder, 'state.db');
  }

  get mappingFile(): string {
    return join(this.folder, 'sync.sqlite3');
  }

  /** The process that runs now. */
  get host(): Host | undefined {
    return this.current;
  }

  /** Everything that the product did to the outside, and the outside to it. */
  get trace(): string {
    return this.hash.copy().digest('hex').slice(0, 16);
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  start(): void {
    const life: Life = { name: `host ${this.hosts.length + 1}`, skewMs: this.hostSkewMs, dead: false };
    const host = new Host(life, join(this.folder, 'app.config'), this.dial, () => this.ended(host));
    this.current = host;
    this.hosts.push(host);
    this.count('start');
    this.current.start();
  }

  /** The host will be killed at that effect. */
  crashAfter(effects: number, downMs: number): void {
    this.crashes.push({ effect: this.effects + effects, downMs });
  }

  /** kill -9 now, and a new process `downMs` later. `between` is done while no process runs. */
  kill(downMs: number, between: () => void = () => undefined): void {
    const host = this.current;
    if (host === undefined) return;
    this.current = undefined;
    this.count('killed');
    host.life.dead = true;
    const end = this.machine.disk.begin();
    const over = async (): Promise<void> => {
      await host.kill();
      for (const file of [this.stateFile, this.mappingFile]) await this.forgetLeases(file);
      await this.onCrash();
      between();
    };
    over()
      .catch((error: unknown) => this.mishaps.push(`The world cannot kill its host: ${String(error)}`))
      .finally(() => {
        this.machine.time.after(downMs, undefined, () => this.start());
        end();
      });
  }

  /** An orderly stop, and a new process `downMs` after it has ended. */
  restart(downMs: number, between: () => void = () => undefined): void {
    const host = this.current;
    if (host === undefined || host.host === undefined) return;
    this.current = undefined;
    host.stop();
    const look = (): void => {
      if (host.stopFailure !== undefined)
        return void this.mishaps.push(`A host cannot stop: ${String(host.stopFailure)}`);
      if (!host.stopped) return void this.machine.time.after(20, undefined, look);
      host.life.dead = true;
      between();
      this.machine.time.after(downMs, undefined, () => this.start());
    };
    look();
  }

  /** Stops the host for good. */
  stop(): void {
    this.current?.stop();
  }

  copyMapping(): void {
    if (existsSync(this.mappingFile)) copyFileSync(this.mappingFile, `${this.mappingFile}.copy`);
  }

  /** Puts the copy of the mapping back; without one, there is no mapping any more. */
  loseMapping(): void {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${this.mappingFile}${ending}`, { force: true });
    if (existsSync(`${this.mappingFile}.copy`)) copyFileSync(`${this.mappingFile}.copy`, this.mappingFile);
  }

  async close(): Promise<void> {
    for (const host of this.hosts) await host.kill();
    for (const file of [this.stateFile, this.mappingFile]) await this.forgetLeases(file);
    await this.simulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  note(text: string): void {
    this.hash.update(`${this.machine.time.nowMs} ${text}\n`);
  }

  private readonly dial: Dial = ({ port }) => {
    const life = currentLife();
    if (life === undefined) throw new Error('Only a host dials.');
    const [ours, theirs] = MemorySocket.pair(life, () => this.machine.random.integer(1, 4));
    this.machine.time.after(2, undefined, () =>
      this.simulator.accept(Number(port) === 65_001 ? 'stomp' : 'rest', theirs),
    );
    this.machine.time.after(4, life, () => ours.emit('secureConnect'));
    return ours;
  };

  private meet(life: Life, effect: Effect, when: 'before' | 'after', what: string): void {
    this.effects += 1;
    this.note(`${life.name} ${effect} ${when} ${what}`);
    const due = this.crashes.findIndex((crash) => this.effects >= crash.effect);
    if (due === -1 || life !== this.current?.life) return;
    const [crash] = this.crashes.splice(due, 1);
    this.count(`killed ${when} ${effect}`);
    this.kill(crash?.downMs ?? 0);
  }

  /** As a service manager does. Only trouble explains it. */
  private ended(host: Host): void {
    this.count('ended by itself');
    if (this.troubles === 0) this.mishaps.push(`${host.life.name} ended by itself: ${String(host.failure)}`);
    if (host === this.current) this.machine.time.after(0, undefined, () => this.kill(SERVICE_PAUSE_MS));
  }

  private async forgetLeases(file: string): Promise<void> {
    if (!existsSync(file)) return;
    for (const { owner } of await readRows<{ owner: string }>(file, 'SELECT owner FROM soar_feed_lease'))
      leases()?.delete(owner);
  }
}

function isChange(sql: string): boolean {
  return /^(COMMIT|INSERT|UPDATE|DELETE|write|rename)/i.test(sql);
}
