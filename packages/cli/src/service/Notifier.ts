import { execFile } from 'node:child_process';
import type { Logger } from '@soar-feed/core';

/** What a service manager is told. */
export interface ServiceNotes {
  /** The start is over; later: a reload is over. */
  ready(): void;
  /** It works, and waits: for this host, which has the state; or, with `undefined`, no longer. */
  standby(holder: string | undefined): void;
  reloading(): void;
  stopping(): void;
  /** Resolves when everything that was said has been handed over. */
  close(): Promise<void>;
}

/** Longest wait for one message to be handed over, ms. */
const PATIENCE_MS = 5_000;

/**
 * Tells systemd how the host is (`Type=notify`), and that its event loop turns (`WatchdogSec=`). Node has no datagrams on
 * Unix sockets, so systemd's own `systemd-notify` sends them; its unit needs `NotifyAccess=all`. Without a service
 * manager, nothing is said.
 */
export function notifierFor(env: Readonly<NodeJS.ProcessEnv>, log: Logger): ServiceNotes {
  const { NOTIFY_SOCKET: socket = '' } = env;
  return socket === '' ? NOBODY : new Notifier(watchdogMsOf(env), log);
}

const NOBODY: ServiceNotes = {
  ready: () => undefined,
  standby: () => undefined,
  reloading: () => undefined,
  stopping: () => undefined,
  close: () => Promise.resolve(),
};

/** As `sd_watchdog_enabled` reads it; `undefined`: nobody watches this process. */
function watchdogMsOf({ WATCHDOG_USEC: usec, WATCHDOG_PID: pid }: Readonly<NodeJS.ProcessEnv>): number | undefined {
  const ms = Number(usec) / 1_000;
  const isMeant = pid === undefined || pid === '' || Number(pid) === process.pid;
  return isMeant && Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

const ACTIVE = 'Subscribed, processing changes.';

class Notifier implements ServiceNotes {
  /** One after the other: a late READY after STOPPING would be a lie. */
  private said: Promise<void> = Promise.resolve();
  private readonly watchdog: NodeJS.Timeout | undefined;
  private state = ACTIVE;
  private failed = false;
  private ending = false;

  constructor(
    watchdogMs: number | undefined,
    private readonly log: Logger,
  ) {
    if (watchdogMs === undefined) return;
    // Twice as often as needed, as systemd advises. A beat is sent only once the one before has been handed over.
    let beating = false;
    this.watchdog = setInterval(
      () => {
        if (beating) return;
        beating = true;
        void this.say('WATCHDOG=1').then(() => (beating = false));
      },
      Math.max(1, watchdogMs / 2),
    );
    this.watchdog.unref();
  }

  ready(): void {
    if (!this.ending) void this.say('READY=1', `STATUS=${this.state}`);
  }

  standby(holder: string | undefined): void {
    this.state = holder === undefined ? ACTIVE : `Standby: ${holder}.`;
    if (holder !== undefined) this.ready();
    else if (!this.ending) void this.say('STATUS=Taking over.');
  }

  reloading(): void {
    if (this.ending) return;
    const nowUs = process.hrtime.bigint() / 1_000n;
    void this.say('RELOADING=1', `MONOTONIC_USEC=${nowUs}`, 'STATUS=Reading log level and secrets again.');
  }

  stopping(): void {
    this.ending = true;
    void this.say('STOPPING=1', 'STATUS=Delivering what is in progress.');
  }

  async close(): Promise<void> {
    clearInterval(this.watchdog);
    await this.said;
  }

  private say(...assignments: readonly string[]): Promise<void> {
    this.said = this.said.then(() => this.send(assignments));
    return this.said;
  }

  private send(assignments: readonly string[]): Promise<void> {
    return new Promise((done) => {
      execFile('systemd-notify', [...assignments], { timeout: PATIENCE_MS }, (error) => {
        if (error !== null && !this.failed)
          this.log.warn(
            `systemd cannot be told how the host is (${(error as NodeJS.ErrnoException).code ?? 'no code'}): is systemd-notify installed, and does the unit say NotifyAccess=all?`,
            { event: 'service.untold' },
          );
        this.failed = error !== null;
        done();
      });
    });
  }
}
