import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { Behaviour, OrgBackup, OrgOptions, Simulator, SimOrg } from '@soar-feed/soar-simulator';
import type { Side, SitePlan } from '../plan/Plan.js';
import { Detour } from './Detour.js';
import { HostProcess } from './HostProcess.js';
import { MessageLog } from './MessageLog.js';
import { feedsOf, siteConfig } from './siteConfig.js';
import { Timeline } from './Timeline.js';

const STOP_WITHIN_MS = 45_000;

export interface WorldOptions {
  readonly name: string;
  readonly seed: number;
  readonly behaviour: Partial<Behaviour>;
  readonly site: SitePlan;
  readonly clocks?: Readonly<Record<Side, number>>;
  /** Options of the target organization beyond its usual ones. */
  readonly target?: Partial<OrgOptions>;
}

/** A platform with two organizations, and a folder in which the host runs, one process after another. */
export class World {
  readonly source: SimOrg;
  readonly target: SimOrg;
  readonly messages: MessageLog;
  /** Comes before the log, which must see messages in the broker's order. */
  readonly detour: Detour;
  /** Processes that ended unasked, or not in the way they were asked to. */
  readonly mishaps: string[] = [];
  /** Attachments that the target refuses for good. */
  readonly poisoned: { readonly incidentId: number; readonly attachmentId: number }[] = [];
  readonly counts = { starts: 0, kills: 0 };
  /** The last backup of the source's database. */
  backup: OrgBackup | undefined;
  /** The source was restored from a backup: only a full reload shows what the restore removed. */
  restored = false;
  private host: HostProcess | undefined;
  /** Starts and stops of the host run one after another. */
  private turn: Promise<void> = Promise.resolve();

  private constructor(
    readonly simulator: Simulator,
    readonly site: SitePlan,
    readonly folder: string,
    readonly timeline: Timeline,
    orgIds: { readonly source: number; readonly target: number },
  ) {
    this.source = simulator.org(orgIds.source);
    this.target = simulator.org(orgIds.target);
    this.messages = new MessageLog(simulator.broker, this.queue);
    this.detour = new Detour(simulator.broker, this.queue);
  }

  static async open({ name, seed, behaviour, site, clocks, target = {} }: WorldOptions): Promise<World> {
    const demo = demoOrgs();
    const orgs = { source: demo.source, target: { ...demo.target, ...target } };
    const simulator = await startSimulator({ orgs: [orgs.source, orgs.target], behaviour, random: seed });
    const folder = mkdtempSync(join(tmpdir(), `soar-feed-chaos-${name}-`));
    mkdirSync(join(folder, 'files'));
    writeFileSync(join(folder, 'app.config'), siteConfig(simulator, orgs, site));
    const world = new World(simulator, site, folder, new Timeline(), {
      source: orgs.source.id,
      target: orgs.target.id,
    });
    world.source.clockOffsetMs = clocks?.source ?? 0;
    world.target.clockOffsetMs = clocks?.target ?? 0;
    return world;
  }

  get stateFile(): string {
    return join(this.folder, 'state.db');
  }

  get mappingFile(): string {
    return join(this.folder, 'sync.sqlite3');
  }

  get queue(): string {
    return `actions.${this.source.id}.feed_data`;
  }

  get feeds(): readonly string[] {
    return feedsOf(this.site);
  }

  /** The process that is running now. */
  get running(): HostProcess | undefined {
    return this.host;
  }

  /** Resolves when the process exists, not when it is ready. */
  start(): Promise<void> {
    return this.inTurn(async () => this.spawn());
  }

  /** kill -9, and a new process `downMs` later. */
  kill(downMs: number): Promise<void> {
    return this.inTurn(async () => {
      const { host } = this;
      this.host = undefined;
      if (host === undefined) return;
      this.timeline.add('host', 'kill -9');
      this.counts.kills += 1;
      await host.kill();
      await sleep(downMs);
      this.spawn();
    });
  }

  restart(downMs: number): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      await sleep(downMs);
      this.spawn();
    });
  }

  /** Stops the host for good, as a service manager does. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  /** Resolves when every start and stop requested so far is done. */
  settled(): Promise<void> {
    return this.turn;
  }

  /** Releases everything; removes the folder unless it is to be kept. */
  async close(keep: boolean): Promise<void> {
    const { host } = this;
    this.host = undefined;
    await host?.kill();
    await this.simulator.stop();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }

  private spawn(): void {
    this.counts.starts += 1;
    this.timeline.add('host', 'start');
    const host = new HostProcess(join(this.folder, 'app.config'), join(this.folder, `host-${this.counts.starts}.log`));
    this.host = host;
    const number = this.counts.starts;
    void host.ended.then(({ code, signal }) => {
      this.timeline.add('host', `process ${number} ended, code ${code}, signal ${signal}`);
      if (this.host !== host) return;
      this.mishaps.push(`Process ${number} of the host ended by itself with code ${code}: ${lastMessage(host)}`);
      this.host = undefined;
    });
  }

  private async end(): Promise<void> {
    const { host } = this;
    this.host = undefined;
    if (host === undefined) return;
    this.timeline.add('host', 'SIGTERM');
    const { code, signal } = await host.stop(STOP_WITHIN_MS);
    // A process that is still loading its code has no signal handler yet, and nothing to finish.
    const tooYoung = signal === 'SIGTERM' && host.lines.length === 0;
    if (code !== 0 && !tooYoung)
      this.mishaps.push(
        `A host that was asked to stop ended with code ${code}, signal ${signal}: ${lastMessage(host)}`,
      );
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work);
    return this.turn;
  }
}

function lastMessage({ lines }: HostProcess): string {
  return String(lines.at(-1)?.msg ?? 'it logged nothing');
}
