import { giveUpConnections } from '../machine/MemorySocket.js';
import { isOfOneLane } from '../oracles/Waits.js';
import type { Life } from '../virtual/lives.js';
import type { Machine } from '../virtual/Machine.js';
import type { VirtualTime } from '../virtual/VirtualTime.js';
import type { Host } from './Host.js';

/** The other ends give up a connection that has been silent for so long, ms. */
const SILENT_MS = 30_000;

/** A lease lasts 30 s: from then on, another host can take over from one that stands still. ms. */
const EXPIRED_MS = 31_000;

export interface Suspension {
  readonly forMs: number;
  /** Another host is started on its files, once its lease has expired. */
  readonly successor: boolean;
}

/** What it knows of the world, and has it do. */
export interface Surrounding {
  readonly machine: Machine;
  /** The process that runs now. */
  readonly host: Host | undefined;
  readonly hosts: readonly Host[];
  readonly troubles: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly mishaps: string[];
  count(what: string): void;
  start(): void;
  /** One that ran before is the host again. */
  goOnWith(host: Host): void;
}

/** Who else has the host's files: those whose place it took while they stood still, and one that somebody starts beside it. */
export class Succession {
  /** They have not noticed yet. */
  private readonly sleepers = new Set<Host>();
  private second: Host | undefined;

  constructor(
    private readonly world: Surrounding,
    /** A host on the same files. `onEnd`: it ended by itself. */
    private readonly makeHost: (name: string, onEnd: (host: Host) => void) => Host,
  ) {}

  /** Several hosts have the files open, so that nobody can put them back as they were. */
  get isShared(): boolean {
    return this.sleepers.size > 0;
  }

  /** What still has to come to its end; `undefined`: nothing. */
  get moving(): string | undefined {
    if (this.isShared) return 'a host whose place was taken has not noticed';
    if (this.second !== undefined) return 'a second host has not found that the files are in use';
    const { host } = this.world;
    return host !== undefined && this.standsStill(host) ? 'the machine of the host stands still' : undefined;
  }

  /** The host's machine stands still from now on. */
  suspend(host: Host, { forMs, successor }: Suspension): void {
    const { world } = this;
    if (this.standsStill(host)) return;
    world.count('suspended');
    host.life.wakesAtMs = this.time.nowMs + forMs;
    if (forMs > SILENT_MS) this.time.after(SILENT_MS, undefined, () => giveUpConnections(host.life));
    if (!successor) return;
    this.time.after(EXPIRED_MS, undefined, () => {
      // Killed meanwhile, or on its way out: nobody takes its place before it is gone.
      if (host !== world.host || host.stopping) return;
      world.count('succeeded');
      this.sleepers.add(host);
      world.start();
    });
  }

  /** Somebody starts one beside it, which must find that the files are in use, and end. */
  startSecond(): void {
    const { world } = this;
    const { host: first } = world;
    if (first?.saw('host.ready') !== true || first.stopping || this.moving !== undefined) return;
    world.count('second host');
    this.second = this.makeHost(`second host ${world.hosts.length}`, (host) => {
      if (!isHeld(host)) this.tell(`ended, but not because the files are in use: ${String(host.failure)}`, host);
      this.soon(() => void this.endSecond());
    });
    this.second.start();
  }

  /** Whoever started it gives it up. */
  async endSecond(): Promise<void> {
    const { second } = this;
    this.second = undefined;
    if (second !== undefined) await this.bury(second);
  }

  /** A host ended by itself. `true`: that was right, as another one has its place; the rest is seen to. */
  explains(host: Host): boolean {
    if (this.sleepers.has(host)) {
      if (!isOusted(host)) this.tell(`ended, but not because its place was taken: ${String(host.failure)}`, host);
      this.soon(() => this.giveWay(host));
      return true;
    }
    if (host !== this.world.host || !this.isShared || !isHeld(host)) return false;
    this.soon(() => this.standBack(host));
    return true;
  }

  /** Hears of each request. */
  asks(life: Life, request: string): void {
    if (!isOfOneLane(request) || this.world.host?.saw('host.ready') !== true) return;
    for (const host of this.sleepers)
      if (host.life === life) this.tell(`sends "${request}" although another one has its place`, host);
  }

  private giveWay(host: Host): void {
    this.world.count('gave way');
    this.sleepers.delete(host);
    void this.bury(host);
  }

  /** The one that stood still has the lease: by a clock that was set back, or because it woke before its successor was there. */
  private standBack(host: Host): void {
    const sleeper = [...this.sleepers].at(-1);
    if (sleeper === undefined) return;
    if (this.standsStill(sleeper) && this.world.counts['clock'] === undefined)
      this.tell('finds a lease held whose holder has stood still for longer than it lasts', host);
    this.world.count('stood back');
    this.sleepers.delete(sleeper);
    this.world.goOnWith(sleeper);
    void this.bury(host);
  }

  private async bury(host: Host): Promise<void> {
    const end = this.world.machine.disk.begin();
    await host.kill().finally(end);
  }

  private standsStill({ life }: Host): boolean {
    return (life.wakesAtMs ?? 0) > this.time.nowMs;
  }

  /** Only trouble explains it. */
  private tell(what: string, { life }: Host): void {
    if (this.world.troubles === 0) this.world.mishaps.push(`${life.name} ${what}`);
  }

  private soon(then: () => void): void {
    this.time.after(0, undefined, then);
  }

  private get time(): VirtualTime {
    return this.world.machine.time;
  }
}

/** It found its files in use. */
function isHeld(host: Host): boolean {
  return codeOf(host) === 'store-held';
}

/** Another host has its files. */
function isOusted(host: Host): boolean {
  return isHeld(host) || codeOf(host) === 'store-lost';
}

function codeOf({ failure }: Host): unknown {
  return (failure as { readonly code?: unknown } | undefined)?.code;
}
