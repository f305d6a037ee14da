import type { Clock } from '../contract/Clock.js';
import { FeedError } from '../contract/errors.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Logger } from '../contract/Logger.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { backoffMs } from '../trouble/backoff.js';
import { classify } from '../trouble/classify.js';
import { messageOf } from '../trouble/messageOf.js';
import type { FeedOptions } from './FeedOptions.js';

export interface Renewal {
  /** Resolves when the deliveries under way have ended, or have been waited for long enough. */
  readonly quiet: () => Promise<void>;
  readonly exchange: () => void;
}

/**
 * opening → up            open() resolved
 * opening → down          open() threw; opened again after a pause
 * up      → down          a delivery threw UnavailableError; the target is closed, then opened again
 * down    → opening       the pause is over, or somebody renewed the target
 * up      → down          somebody renewed the target
 * any     → closing       stop
 */
export type FeedState = 'opening' | 'up' | 'down' | 'closing';

const REOPEN = { firstMs: 1_000, capMs: 60_000 };

/** A target that has been up this long (ms) counts as healthy again; until then the next failure continues the back-off. */
const WELL_AFTER_MS = 2 * REOPEN.capMs;

function isConfigError(error: unknown): boolean {
  return FeedError.is(error) && error.kind === 'config';
}

export interface StartFeedOptions {
  /** Which failures are thrown, beside a `ConfigError`, instead of opening in the background; it may be started again then. */
  readonly refuse?: (error: unknown) => boolean;
}

/** Keeps one target open: when it goes away, it is opened again for as long as it takes. */
export class Supervisor {
  private state: FeedState = 'opening';
  private since: number;
  private problem: string | undefined;
  private loop: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly upListeners: (() => void)[] = [];
  /** Counts openings: a late failure of an earlier opening says nothing about this one. */
  private opening = 0;
  /** Tries to open it since it was last healthy. */
  private tries = 0;
  /** What to do between closing and opening the target again. */
  private renewal: Renewal | undefined;
  /** Ends the pause before the next opening. */
  private wake = new AbortController();

  constructor(
    private readonly target: FeedTarget,
    private readonly log: Logger,
    private readonly clock: Clock,
    /** Stores a target's wish that an incident be loaded whole (a resync). */
    private readonly resync: (incident: ObjectKey) => Promise<void>,
    private readonly options: Pick<FeedOptions, 'concurrency' | 'adaptive'>,
  ) {
    this.since = clock.steadyMs();
  }

  get current(): FeedState {
    return this.state;
  }

  get up(): boolean {
    return this.state === 'up';
  }

  /** Which opening deliveries are made under; hand it to `lost`. */
  get generation(): number {
    return this.opening;
  }

  /** ms since it came up, or since it was last up. */
  get sinceMs(): number {
    return this.clock.steadyMs() - this.since;
  }

  /** Why the target is not up. */
  get lastProblem(): string | undefined {
    return this.problem;
  }

  onUp(listener: () => void): void {
    this.upListeners.push(listener);
  }

  /**
   * Begins opening; resolves after the first try. Rejects only with `ConfigError` (waiting does not fix the file), and as
   * the options say.
   */
  async start({ refuse = () => false }: StartFeedOptions = {}): Promise<void> {
    if (this.state === 'closing') return;
    const opening = this.openFirst((error) => isConfigError(error) || refuse(error));
    // Who closes waits for it, too: a target that opens late would stay open.
    this.loop = opening.then(
      () => undefined,
      () => undefined,
    );
    const first = await opening;
    if (!first || this.renewal !== undefined) this.loop = this.reopen(undefined);
  }

  private async openFirst(refuse: (error: unknown) => boolean): Promise<boolean> {
    try {
      return await this.tryOpen({ refuse });
    } catch (error) {
      await this.closeTarget(); // it may be opened again
      throw error;
    }
  }

  /** A delivery found the destination away. */
  lost(error: Error, generation: number, retryAfterMs?: number): void {
    if (this.state !== 'up' || generation !== this.opening) return;
    if (this.sinceMs > WELL_AFTER_MS) this.tries = 0;
    this.move('down', error.message);
    this.log.warn(`The target is away, deliveries pause: ${error.message}`, {
      event: 'feed.down',
      code: classify(error).code,
    });
    this.loop = this.reopen(retryAfterMs);
  }

  /**
   * Something that the target works with was changed, such as a password: it takes no more deliveries, is closed,
   * exchanged and opened again, at once.
   */
  renew(renewal: Renewal): void {
    if (this.state === 'closing') return;
    this.renewal = renewal;
    this.wake.abort();
    if (!this.up) return; // whoever opens it now takes it up
    this.move('down', 'opened again with new secrets');
    this.loop = this.reopen(undefined);
  }

  async close(): Promise<void> {
    this.move('closing');
    this.stopping.abort();
    this.wake.abort();
    await this.loop;
    await this.closeTarget();
  }

  private async reopen(firstPauseMs: number | undefined): Promise<void> {
    for (let askedMs = firstPauseMs; !this.stopping.signal.aborted; askedMs = undefined) {
      this.tries += 1;
      const pauseMs = backoffMs(this.tries, askedMs, REOPEN);
      await this.clock.sleep(pauseMs, this.wake.signal).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      await this.closeTarget();
      this.move('opening', this.problem);
      if ((await this.tryOpen()) && this.renewal === undefined) return;
    }
  }

  private async tryOpen(options: { readonly refuse?: (error: unknown) => boolean } = {}): Promise<boolean> {
    this.opening += 1;
    try {
      const { resync, stopping } = this;
      const { concurrency, adaptive = false } = this.options;
      await this.target.open({ signal: stopping.signal, resync, concurrency, adaptive });
    } catch (error) {
      if (this.stopping.signal.aborted) return false;
      if (options.refuse?.(error) === true) throw error;
      const message = messageOf(error);
      // The first time is an error, because a person may have to act; repetitions are debug.
      const say = message === this.problem ? 'debug' : 'error';
      this.move('down', message);
      this.log[say](`The target cannot be opened and will be tried again: ${message}`, {
        event: 'feed.open-failed',
        code: classify(error).code,
      });
      return false;
    }
    if (this.stopping.signal.aborted) return false;
    this.move('up');
    this.log.info('The target is up.', { event: 'feed.up' });
    for (const listener of this.upListeners) listener();
    return true;
  }

  /** Also exchanges what was renewed: nothing is open then. */
  private async closeTarget(): Promise<void> {
    const { renewal } = this;
    await renewal?.quiet();
    try {
      await this.target.close();
    } catch (error) {
      this.log.warn(`Closing the target failed: ${messageOf(error)}`);
    }
    if (renewal === undefined) return;
    renewal.exchange();
    // A newer one waits for the next round.
    if (this.renewal === renewal) this.renewal = undefined;
    this.wake = new AbortController();
    if (this.renewal !== undefined || this.stopping.signal.aborted) this.wake.abort();
    this.tries = 0;
  }

  private move(state: FeedState, problem?: string): void {
    if (this.state === 'closing') return;
    if ((state === 'up') !== this.up) this.since = this.clock.steadyMs();
    this.state = state;
    this.problem = problem;
  }
}
