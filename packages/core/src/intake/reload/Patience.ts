import type { Clock } from '../../contract/Clock.js';
import type { Logger } from '../../contract/Logger.js';
import { backoffMs } from '../../delivery/backoff.js';
import { classify, refusalOf } from '../../delivery/classify.js';

/** Tries of one read that may succeed later, before it is asked whose trouble it is. */
const READ_TRIES = 6;
/** A trouble of the whole source that lasts longer is taken as it is: what can be read is read, the rest is a fault. ms. */
const LASTING_MS = 30 * 60_000;

export interface PatienceOptions {
  readonly signal: AbortSignal;
  readonly tries?: number;
  /** How long a source that is away altogether is waited for, ms; default: until it is back. */
  readonly awayMs?: number;
  /** Told what is waited for, and `undefined` once the source gives something again. */
  readonly onTrouble?: (problem: string | undefined) => void;
}

/**
 * Whether the source gives others of the same kind now: then what fails is the trouble of one object. May throw: then
 * it does not.
 */
export type Elsewhere = () => Promise<boolean>;

/**
 * Reads of the source that may succeed later, tried again with back-off while everything else goes on. A source in
 * trouble is waited for; one object that it does not give is given up.
 */
export class Patience {
  /** Failures since the source gave something. */
  private failures = 0;
  private troubledSinceMs = Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly options: PatienceOptions,
  ) {}

  /**
   * Throws what the last try threw, or at once what no further try would mend; the signal's reason once it is aborted.
   * Without `elsewhere` a read is given up after its tries, whosever the trouble is.
   */
  async read<T>(what: string, read: () => Promise<T>, elsewhere?: Elsewhere): Promise<T> {
    const { signal, tries = READ_TRIES, awayMs = Infinity } = this.options;
    const beganAtMs = this.clock.now();
    let isItsOwn = false;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        const result = await read();
        this.succeeded();
        return result;
      } catch (error) {
        signal.throwIfAborted();
        const { move, ...verdict } = classify(error);
        if (move !== 'retry' && move !== 'pause') throw error;
        this.failed(what, error);
        const isOverdue = this.clock.now() - beganAtMs >= awayMs;
        if (move === 'pause' && isOverdue) throw error;
        if (attempt >= tries) {
          if (isItsOwn || (move === 'retry' && (elsewhere === undefined || isOverdue))) throw error;
          isItsOwn = elsewhere !== undefined && !(await this.isOfTheSource(elsewhere, move));
          // The trouble may have ended between the last try and the question for others: one more try tells.
          if (isItsOwn) continue;
        }
        await this.clock.sleep(backoffMs(attempt, 'retryAfterMs' in verdict ? verdict.retryAfterMs : 0), signal);
      }
    }
  }

  private async isOfTheSource(elsewhere: Elsewhere, move: 'retry' | 'pause'): Promise<boolean> {
    const { signal } = this.options;
    if (move === 'retry' && this.clock.now() - this.troubledSinceMs >= LASTING_MS) return false;
    try {
      return !(await elsewhere());
    } catch (error) {
      signal.throwIfAborted();
      // A question that is refused, or that we put wrongly, tells of no trouble: waiting would change nothing.
      return refusalOf(error) === undefined;
    }
  }

  private failed(what: string, error: unknown): void {
    const problem = `${what} could not be read, tried again: ${messageOf(error)}`;
    this.log[this.failures === 0 ? 'warn' : 'debug'](problem);
    this.failures += 1;
    this.troubledSinceMs = Math.min(this.troubledSinceMs, this.clock.now());
    // One failure among successes is no trouble of the source.
    if (this.failures > 1) this.options.onTrouble?.(problem);
  }

  private succeeded(): void {
    if (this.failures > 1) this.options.onTrouble?.(undefined);
    this.failures = 0;
    this.troubledSinceMs = Infinity;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
