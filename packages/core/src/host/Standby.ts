import type { Clock } from '../contract/Clock.js';
import { FeedError, StoppingError, StoreError } from '../contract/errors.js';
import type { Logger } from '../contract/Logger.js';

/** Between two looks whether the other host is gone, ms. */
const EVERY_MS = 1_500;

/** What a database may answer while it starts again: whoever waits for the other host waits for that, too. */
const PASSING: ReadonlySet<string> = new Set(['store-unreachable', 'store-timeout', 'store-busy']);

export interface StandbyServices {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** As `StartOptions.standby`. */
  readonly onWaiting: (holder: string | undefined) => void;
}

/**
 * Waits for another host, which has the state database or a mapping, until that is gone. Says once who it is. Between two
 * looks it holds nothing of what it waits for.
 */
export class Standby {
  /** Which host is waited for; `undefined`: none. */
  holder: string | undefined;

  constructor(private readonly services: StandbyServices) {}

  /**
   * Takes it once no other host holds it; gives whether it had to wait. Throws what else `take` throws, and `StoppingError`
   * once the signal is aborted.
   */
  async until(take: () => Promise<void>): Promise<boolean> {
    const { clock, signal } = this.services;
    for (let waited = false; ; waited = true) {
      try {
        await take();
        this.takesOver();
        return waited;
      } catch (error) {
        if (!this.waitsOut(error)) throw error;
        if (isHeld(error)) this.waitsFor(error);
      }
      await clock.sleep(EVERY_MS, signal).catch(() => {
        throw new StoppingError();
      });
    }
  }

  /** Throws `StoreError` `host-standby` while another host does the work. */
  refuseWork(): void {
    if (this.holder === undefined) return;
    const problem = `This host is a standby: ${this.holder}. Give the command where that host runs.`;
    throw new StoreError(problem, { code: 'host-standby' });
  }

  /** Whether `until` waits for the end of such a failure. */
  readonly waitsOut = (error: unknown): boolean => isHeld(error) || (this.holder !== undefined && isPassing(error));

  private waitsFor(error: FeedError): void {
    const holder = holderIn(error);
    if (holder === this.holder) return;
    this.holder = holder;
    const { log, onWaiting } = this.services;
    log.info(`Standby: ${holder}. This host waits, and takes over once that one is gone.`, {
      event: 'host.standby',
      ...error.details,
    });
    onWaiting(holder);
  }

  private takesOver(): void {
    if (this.holder === undefined) return;
    this.holder = undefined;
    const { log, onWaiting } = this.services;
    log.info('The other host is gone: this one takes over.', { event: 'host.takeover' });
    onWaiting(undefined);
  }
}

function isHeld(error: unknown): error is FeedError {
  return FeedError.is(error) && error.code === 'store-held';
}

function isPassing(error: unknown): boolean {
  return FeedError.is(error) && PASSING.has(error.code);
}

/** Without the age of its last sign, which differs at every look. */
function holderIn({ message, details }: FeedError): string {
  const { database, host, pid, since } = details;
  if ([database, host, pid, since].includes(undefined)) return message;
  return `process ${String(pid)} on ${String(host)} has ${String(database)} since ${String(since)}`;
}
