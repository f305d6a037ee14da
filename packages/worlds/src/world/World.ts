import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { OrgBackup, Simulator, SimOrg } from '@soar-feed/soar-simulator';
import type { Dial } from '@soar-feed/soar-client';
import { Remains } from '../machine/Remains.js';
import { cutConnections, MemorySocket, openConnections } from '../machine/MemorySocket.js';
import type { Story } from '../plan/Story.js';
import { currentLife } from '../virtual/lives.js';
import type { Life } from '../virtual/lives.js';
import { Waits } from '../oracles/Waits.js';
import { Witness } from '../oracles/Witness.js';
import type { DiskFault, Effect, Machine } from '../virtual/Machine.js';
import { Crashes } from './Crashes.js';
import { Host } from './Host.js';
import { Plans } from './Plans.js';
import { Succession } from './Succession.js';
import type { Suspension } from './Succession.js';
import { MappingFile } from './MappingFile.js';
import { Opposite } from './Opposite.js';
import { OTHER_NAME, SERVER, siteConfig } from './siteConfig.js';

/** A service manager starts again what ended, after this time. ms. */
const SERVICE_PAUSE_MS = 10_000;

/** A server breaks off a handshake that takes longer, ms. */
const HANDSHAKE_MS = 10_000;

/** A call for each effect would cost more than the hash. */
const HASHED_AT_ONCE = 65_536;

export interface Place {
  /** For the world's files. */
  readonly folder: string;
  /** See `installHost`. */
  readonly hostFile: string;
}

/** Two organizations, their broker, and the host's machine: everything of one story. */
export class World {
  readonly source: SimOrg;
  readonly target: SimOrg;
  /** What went wrong at once, and needs no judge. */
  readonly mishaps: string[] = [];
  readonly hosts: Host[] = [];
  readonly counts: Record<string, number> = {};
  readonly witness = new Witness();
  readonly waits = new Waits();
  readonly mapping: MappingFile;
  /** Source incidents in which something changed since the world began. */
  readonly heard = new Set<number>();
  /** The workspaces in which each source incident was, in turn, by their labels. */
  readonly workspaces = new Map<number, string[]>();
  backup: OrgBackup | undefined;
  restored = false;
  /** Faults that strike at the moment. */
  troubles = 0;
  /** Set while the disk refuses changes. */
  diskFault: DiskFault | undefined;
  hostSkewMs = 0;
  effects = 0;
  /** Hears of a killed host once its files are its successor's. */
  onCrash: () => Promise<void> = () => Promise.resolve();
  private readonly hash = createHash('sha256');
  private unhashed = '';
  opposite: Opposite | undefined;
  private readonly crashes: Crashes;
  private readonly suspensions = new Plans<Suspension & { readonly effect: number }>();
  readonly succession: Succession;
  private current: Host | undefined;

  private constructor(
    readonly machine: Machine,
    readonly simulator: Simulator,
    readonly folder: string,
    private readonly hostFile: string,
    readonly story: Story,
    ids: { readonly source: number; readonly target: number },
  ) {
    this.source = simulator.org(ids.source);
    this.target = simulator.org(ids.target);
    this.source.onChange((incidentIds) => {
      this.witness.lookAtSource(this.source.census());
      for (const id of incidentIds) this.heard.add(id);
    });
    this.source.clockOffsetMs = story.clocks.source;
    this.target.clockOffsetMs = story.clocks.target;
    this.hostSkewMs = story.clocks.host;
    this.mapping = new MappingFile(join(folder, 'sync.sqlite3'), () => simulator.dump(ids.target));
    this.crashes = new Crashes(this.files, () => machine.random.next() * 0.99);
    this.succession = new Succession(this, (name, onEnd) => this.makeHost(name, onEnd));
    machine.onEffect = (life, effect, when, what) => this.meet(life, effect, when, what);
    machine.onRequest = (life, request) => {
      this.waits.asks(life, request, machine.time.nowMs);
      this.succession.asks(life, request);
    };
    machine.onBusy = (life, request, seconds) => this.waits.told(life, request, seconds, machine.time.nowMs);
    machine.diskFault = (_life, sql) => (this.diskFault !== undefined && isChange(sql) ? this.diskFault : undefined);
  }

  static async open(machine: Machine, story: Story, { folder, hostFile }: Place): Promise<World> {
    const orgs = orgsOf(story.site);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'files'), { recursive: true });
    writeFileSync(join(folder, 'app.config'), siteConfig(orgs, story.site));
    const simulator = await startSimulator({
      orgs: [orgs.source, orgs.target],
      behaviour: story.behaviour,
      random: story.seed,
      sockets: false,
    });
    const world = new World(machine, simulator, folder, hostFile, story, {
      source: orgs.source.id,
      target: orgs.target.id,
    });
    if (story.site.opposite !== undefined && story.site.opposite !== false)
      world.opposite = world.makeOpposite(
        siteConfig(
          { source: orgs.target, target: orgs.source },
          oppositeOf(story.site),
          story.site.opposite === true ? SERVER : OTHER_NAME,
        ),
      );
    return world;
  }

  private makeOpposite(config: string): Opposite {
    const opposite: Opposite = new Opposite({
      ...{
        machine: this.machine,
        folder: join(this.folder, 'opposite'),
        hostFile: this.hostFile,
        config,
        dial: this.dial,
      },
      onEnd: (host) => {
        this.explain(host);
        this.machine.time.after(0, undefined, () => opposite.restart(SERVICE_PAUSE_MS));
      },
    });
    return opposite;
  }

  /** Where the second host listens. */
  get oppositeQueue(): string {
    return `actions.${this.target.id}.feed_data`;
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

  /** Looks at both organizations at this moment. */
  look(): void {
    this.witness.look(this.source.census(), this.target.census());
    if (this.story.site.routed !== true) return;
    for (const { id, workspace } of this.source.incidents()) {
      const label = String(this.source.labels.label('incident', 'workspace', workspace as number));
      const turns = this.workspaces.get(id) ?? [];
      if (turns.at(-1) !== label) this.workspaces.set(id, [...turns, label]);
    }
  }

  private get files(): readonly string[] {
    return [this.stateFile, this.mapping.path];
  }

  /** The process that runs now. */
  get host(): Host | undefined {
    return this.current;
  }

  /** Everything that the product did to the outside, and the outside to it. */
  get trace(): string {
    return this.hash.copy().update(this.unhashed).digest('hex').slice(0, 16);
  }

  /** Something happened after which the docs prescribe a full reload. */
  get wantsReload(): boolean {
    return this.restored || (this.story.site.filtered === true && this.mapping.old?.putBack !== undefined);
  }

  /** The mapping does not know all that it knew. */
  get hasLostRows(): boolean {
    return (this.counts['lose-mapping'] ?? 0) + (this.counts['lose-rows'] ?? 0) > 0;
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  start(): void {
    const host = this.makeHost(`host ${this.hosts.length + 1}`, (one) => this.ended(one));
    this.current = host;
    this.hosts.push(host);
    this.count('start');
    host.start();
  }

  private makeHost(name: string, onEnd: (host: Host) => void): Host {
    const life = this.machine.begin(name, this.hostSkewMs);
    const host: Host = new Host(life, join(this.folder, 'app.config'), this.hostFile, this.dial, () => onEnd(host));
    return host;
  }

  /** The host will be killed at that effect. */
  crashAfter(effects: number, downMs: number, torn = false): void {
    this.crashes.plan({ effect: this.effects + effects, downMs, torn });
  }

  /** Its machine will stand still from that effect on. */
  suspendAfter(effects: number, suspension: Suspension): void {
    this.suspensions.add({ effect: this.effects + effects, ...suspension });
  }

  /** One that ran before is the host again. */
  goOnWith(host: Host): void {
    this.current = host;
  }

  /** kill -9 now, and a new process `downMs` later. `between` is done while no process runs. */
  kill(downMs: number, between: () => void = () => undefined): void {
    const host = this.current;
    if (host === undefined) return;
    this.current = undefined;
    this.count('killed');
    host.life.dead = true;
    // Closing the last connection tidies up; those of a host that stands still are open yet.
    const remains = this.succession.isShared ? undefined : new Remains(this.files);
    const end = this.machine.disk.begin();
    const over = async (): Promise<void> => {
      await this.succession.endSecond();
      await host.kill();
      remains?.putBack();
      this.look();
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
  restart(downMs: number, between: () => void | Promise<void> = () => undefined): void {
    const host = this.current;
    if (host === undefined || host.host === undefined) return;
    if (this.succession.moving !== undefined)
      return void this.machine.time.after(1_000, undefined, () => this.restart(downMs, between));
    this.current = undefined;
    host.stop();
    const look = (): void => {
      if (host.stopFailure !== undefined)
        return void this.mishaps.push(`A host cannot stop: ${String(host.stopFailure)}`);
      if (!host.stopped) return void this.machine.time.after(20, undefined, look);
      this.exited(host);
      const end = this.machine.disk.begin();
      void this.onCrash().finally(async () => {
        await between();
        this.machine.time.after(downMs, undefined, () => this.start());
        end();
      });
    };
    look();
  }

  /** Stops the host for good. */
  stop(): void {
    this.current?.stop();
  }

  async close(): Promise<void> {
    await this.succession.endSecond();
    for (const host of [...this.hosts, ...(this.opposite?.hosts ?? [])]) await host.kill();
    await this.simulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  note(text: string): void {
    this.unhashed += `${this.machine.time.nowMs} ${text}\n`;
    if (this.unhashed.length < HASHED_AT_ONCE) return;
    this.hash.update(this.unhashed);
    this.unhashed = '';
  }

  private readonly dial: Dial = ({ port }) => {
    const life = currentLife();
    if (life === undefined) throw new Error('Only a host dials.');
    const [ours, theirs] = MemorySocket.pair(life, () => this.machine.random.integer(1, 4));
    this.machine.time.after(2, undefined, () =>
      this.simulator.accept(Number(port) === 65_001 ? 'stomp' : 'rest', theirs),
    );
    const begunMs = this.machine.time.nowMs;
    this.machine.time.after(4, life, () => {
      if (this.machine.time.nowMs - begunMs < HANDSHAKE_MS) ours.emit('secureConnect');
      else ours.destroy(new Error('The server has broken off the handshake.'));
    });
    return ours;
  };

  private meet(life: Life, effect: Effect, when: 'before' | 'after', what: string): void {
    this.effects += 1;
    this.note(`${life.name} ${effect} ${when} ${what}`);
    if (life !== this.current?.life) return;
    const standstill = this.suspensions.due(this.effects);
    if (standstill !== undefined) this.succession.suspend(this.current, standstill);
    const death = this.succession.isShared ? undefined : this.crashes.at(this.effects, effect, when);
    if (death === undefined) return;
    this.count(`killed ${death.where}`);
    this.kill(death.downMs);
  }

  /** Its process is over. What it left open would go on, and take messages, in a program that lives longer than its host. */
  exited({ life }: Host): void {
    const left = openConnections(life);
    if (left > 0) this.mishaps.push(`${life.name} has stopped and left ${left} connections open`);
    life.dead = true;
    cutConnections(life);
  }

  /** Only trouble explains that a host ends by itself. */
  private explain(host: Host): void {
    this.count('ended by itself');
    if (this.troubles === 0) this.mishaps.push(`${host.life.name} ended by itself: ${String(host.failure)}`);
  }

  /** As a service manager does. */
  private ended(host: Host): void {
    if (this.succession.explains(host)) return;
    this.explain(host);
    if (host === this.current) this.machine.time.after(0, undefined, () => this.kill(SERVICE_PAUSE_MS));
  }
}

function isChange(sql: string): boolean {
  return /^(COMMIT|INSERT|UPDATE|DELETE|write|rename)/i.test(sql);
}

function orgsOf({ closesAfterTasks = false }: Story['site']): ReturnType<typeof demoOrgs> {
  const { source, target } = demoOrgs();
  // The platform's own tasks come when they like, and an incident that was closed before them could be closed nowhere else.
  const rules = closesAfterTasks ? { finalPhaseRequired: true, autoTasks: [] } : {};
  return { source: { ...source, ...rules }, target: { ...target, ...rules } };
}

/** The second host feeds the source alone, and everything. */
function oppositeOf(site: Story['site']): Story['site'] {
  return { ...site, fileFeed: false, reload: false, filtered: false, routed: false };
}
