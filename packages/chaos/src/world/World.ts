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
import { siteConfig } from './siteConfig.js';
import { Timeline } from './Timeline.js';

const STOP_WITHIN_MS = 45_000;

export interface WorldOptions {
  readonly name: string;
  readonly seed: number;
  readonly behaviour: Partial<Behaviour>;
  readonly site: SitePlan;
  readonly clocks?: Readonly<Record<Side, number>>;
  /** What the target organization is besides what it always is. */
  readonly target?: Partial<OrgOptions>;
}

/** A platform with two organizations, a folder, and the host that runs there, one process after the other. */
export class World {
  readonly source: SimOrg;
  readonly target: SimOrg;
  readonly messages: MessageLog;
  /** Outside of the log, which sees messages in the broker's order. */
  readonly detour: Detour;
  /** Processes that ended without being asked to, or not as they were asked to. */
  readonly mishaps: string[] = [];
  /** Attachments that the target refuses for good. */
  readonly poisoned: { readonly incidentId: number; readonly attachmentId: number }[] = [];
  readonly counts = { starts: 0, kills: 0 };
  /** The last one of the source's database. */
  backup: OrgBackup | undefined;
  /** The source was put back to a backup: only a reload of everything tells what that took away. */
  restored = false;
  private host: HostProcess | undefined;
  /** Starts and ends of the host follow one another. */
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
    return this.site.fileFeed ? ['resilient_feed', 'file_feed'] : ['resilient_feed'];
  }

  /** The process that runs now. */
  get running(): HostProcess | undefined {
    return this.host;
  }

  /** Resolves when the process is there, not when it is ready. */
  start(): Promise<void> {
    return this.inTurn(async () => this.spawn());
  }

  /** kill -9, and a new process after a while. */
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

  /** Ends the host for good, as a service manager does. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  /** Resolves when every start and end asked for so far is done. */
  settled(): Promise<void> {
    return this.turn;
  }

  /** Lets go of everything; the folder stays where `keep` says so. */
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
    // A process that is still loading its code has no handler yet, and nothing to bring to its end.
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
