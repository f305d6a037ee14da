import type { Clock } from '../../contract/Clock.js';
import type { Logger } from '../../contract/Logger.js';
import { backoffMs } from '../../delivery/backoff.js';
import { classify } from '../../delivery/classify.js';

/** Tries of one read that may succeed later, before it counts as a fault of the source. */
const READ_TRIES = 6;

export interface PatienceOptions {
  readonly signal: AbortSignal;
  readonly tries?: number;
  /** How long a source that is away altogether is waited for, ms; default: until it is back. */
  readonly awayMs?: number;
}

/** Reads of the source that may succeed later, tried again with back-off while everything else goes on. */
export class Patience {
  private troubled = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly options: PatienceOptions,
  ) {}

  /** Throws what the last try threw, or at once what no further try would mend; the signal's reason once it is aborted. */
  async read<T>(what: string, read: () => Promise<T>): Promise<T> {
    const { signal, tries = READ_TRIES, awayMs = Infinity } = this.options;
    const giveUpAtMs = this.clock.now() + awayMs;
    for (let attempt = 1, charged = 0; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        const result = await read();
        this.troubled = false;
        return result;
      } catch (error) {
        signal.throwIfAborted();
        const verdict = classify(error);
        if (verdict.move !== 'retry' && verdict.move !== 'pause') throw error;
        if (verdict.move === 'retry') charged += 1;
        if (charged >= tries || (verdict.move === 'pause' && this.clock.now() >= giveUpAtMs)) throw error;
        const restMs = backoffMs(attempt, verdict.retryAfterMs);
        this.log[this.troubled ? 'debug' : 'warn'](`${what} could not be read, tried again: ${messageOf(error)}`);
        this.troubled = true;
        await this.clock.sleep(restMs, signal);
      }
    }
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
