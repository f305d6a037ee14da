import { UnavailableError } from '@soar-feed/core';
import type { Clock } from '@soar-feed/core';

interface Waiting {
  readonly untilMs: number;
  resolve(): void;
  reject(error: Error): void;
}

export interface AckOptions {
  /** How long an acknowledgement may take, ms. */
  readonly timeoutMs: number;
  readonly place: string;
  readonly clock: Clock;
  /** Which of these have come. */
  ask(ids: readonly number[], signal: AbortSignal): Promise<ReadonlySet<number>>;
}

/** Waits between two questions, ms: growing while nothing comes. */
const FIRST_MS = 50;
const LONGEST_MS = 5_000;
/** So many questions in a row without an answer. */
const GONE_AFTER = 3;

/**
 * Waits for the indexer's acknowledgements. A `false` says nothing: not yet, lost, or an id that the server has forgotten. So
 * only time ends the waiting, or a sign that the server was restarted, which counts its ids anew.
 */
export class Acks {
  private readonly waiting = new Map<number, Waiting>();
  private readonly stopping = new AbortController();
  private asking: Promise<void> | undefined;
  private failures = 0;
  private restMs = FIRST_MS;

  constructor(private readonly options: AckOptions) {}

  /** Resolves when the indexer has what was answered by this id. Rejects with `UnavailableError`: send it again. */
  wait(id: number): Promise<void> {
    if (this.waiting.has(id)) this.giveUp('was restarted, and counts its acknowledgements anew');
    this.restMs = FIRST_MS;
    const untilMs = this.options.clock.steadyMs() + this.options.timeoutMs;
    const done = new Promise<void>((resolve, reject) => this.waiting.set(id, { untilMs, resolve, reject }));
    this.asking ??= this.ask();
    return done;
  }

  /** Resolves when nothing waits any more, one way or the other. */
  async settled(): Promise<void> {
    await this.asking;
  }

  /** What waits must be sent again: the server that would acknowledge it is gone. */
  giveUp(why: string): void {
    const error = new UnavailableError(`${this.options.place} ${why}: what it has not acknowledged is sent again.`, {
      code: 'splunk-ack-lost',
    });
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.giveUp('is left');
    await this.asking;
  }

  private async ask(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.stopping;
    while (this.waiting.size > 0) {
      await clock.sleep(this.restMs, signal).catch(() => undefined);
      if (signal.aborted) break;
      this.restMs = Math.min(LONGEST_MS, this.restMs * 1.5);
      await this.round(signal);
    }
    this.asking = undefined;
  }

  private async round(signal: AbortSignal): Promise<void> {
    const { options } = this;
    let came: ReadonlySet<number>;
    try {
      came = await options.ask([...this.waiting.keys()], signal);
      this.failures = 0;
    } catch {
      this.failures += 1;
      if (!signal.aborted && this.failures >= GONE_AFTER) this.giveUp('is gone');
      return;
    }
    for (const [id, { untilMs, resolve, reject }] of this.waiting) {
      if (came.has(id)) {
        this.waiting.delete(id);
        resolve();
      } else if (options.clock.steadyMs() >= untilMs) {
        this.waiting.delete(id);
        const problem = `${options.place} did not acknowledge within ack_timeout (${options.timeoutMs / 1000} s): the events are sent again.`;
        reject(new UnavailableError(problem, { code: 'splunk-ack-timeout' }));
      }
    }
  }
}
