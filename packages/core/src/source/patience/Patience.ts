import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import { backoffMs } from '../../trouble/backoff.js';
import { classify } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';
import { askedPauseMs, LASTING_MS, troubleOf } from './policy.js';
import type { Trouble, WaitPolicy } from './policy.js';

export interface PatienceServices {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  /** Hears what is waited for, and `undefined` once the source gives something again. */
  readonly onTrouble?: (problem: string | undefined) => void;
}

/**
 * Whether the source gives others of the same kind now: then what fails is the trouble of one object. May throw: then
 * it does not.
 */
export type Elsewhere = () => Promise<boolean>;

/**
 * Asks the source until it answers, as a policy says. An outage is waited out; one object that the source does not give is
 * given up. One of these belongs to one asker: a message, a reload, a start.
 */
export class Patience {
  /** Failures since the source gave something. */
  private failures = 0;
  private troubledSinceMs = Infinity;
  /** Tries spent by earlier questions, where they count together. */
  private spent = 0;

  constructor(
    private readonly policy: WaitPolicy,
    private readonly services: PatienceServices,
  ) {}

  /**
   * Throws what the last try threw, at once where no further try would help, and `StoppingError` once the signal is aborted.
   * Without `elsewhere`, a question that fails while the source is up is given up after its tries.
   */
  async ask<T>(what: string, question: () => Promise<T>, elsewhere?: Elsewhere): Promise<T> {
    const { clock } = this.services;
    const { tries, awayMs = Infinity } = this.policy;
    const beganAtMs = clock.steadyMs();
    let isItsOwn = false;
    for (let attempt = 1 + this.spent; ; attempt += 1) {
      this.goOn();
      try {
        const answer = await question();
        this.succeeded();
        return answer;
      } catch (error) {
        this.goOn();
        const trouble = (this.policy.troubleOf ?? troubleOf)(error);
        if (trouble === 'refused' || trouble === 'fault') throw error;
        if (this.policy.together === true) this.spent = attempt;
        const isOverdue = clock.steadyMs() - beganAtMs >= awayMs;
        const isLast = attempt >= tries;
        if (isLast && this.policy.endsWithTries === true) throw error;
        if (trouble === 'away' && isOverdue) throw error;
        const pauseMs = this.pauseMs(attempt, error);
        this.failed(what, error, pauseMs);
        if (isLast) {
          if (isItsOwn || (trouble === 'passing' && (elsewhere === undefined || isOverdue))) throw error;
          isItsOwn = elsewhere !== undefined && !(await this.isOfTheSource(elsewhere, trouble));
          // The trouble may have ended between the last try and the question about others: one more try decides.
          if (isItsOwn) continue;
        }
        await this.rest(pauseMs);
      }
    }
  }

  private async isOfTheSource(elsewhere: Elsewhere, trouble: Trouble): Promise<boolean> {
    if (trouble === 'passing' && this.services.clock.steadyMs() - this.troubledSinceMs >= LASTING_MS) return false;
    try {
      return !(await elsewhere());
    } catch (error) {
      this.goOn();
      // A question that is refused, or fails because of a bug, is no sign of an outage: waiting would change nothing.
      const why = troubleOf(error);
      return why === 'away' || why === 'passing';
    }
  }

  private pauseMs(attempt: number, error: unknown): number {
    const { backoff } = this.policy;
    return backoffMs(attempt, Math.max(askedPauseMs(error), backoff.atLeastMs ?? 0), backoff);
  }

  private async rest(ms: number): Promise<void> {
    const { clock, signal } = this.services;
    await clock.sleep(ms, signal).catch(() => {
      throw new StoppingError();
    });
  }

  private goOn(): void {
    if (this.services.signal.aborted) throw new StoppingError();
  }

  private failed(what: string, error: unknown, pauseMs: number): void {
    const { line, shows, shownFrom, warnsEachTime } = this.policy;
    const why = messageOf(error);
    const text = line(what, why, pauseMs);
    const isNews = this.failures === 0 || warnsEachTime === true;
    this.services.log[isNews ? 'warn' : 'debug'](text, { code: classify(error).code });
    this.failures += 1;
    this.troubledSinceMs = Math.min(this.troubledSinceMs, this.services.clock.steadyMs());
    // One failure among successes is no outage.
    if (this.failures >= shownFrom) this.services.onTrouble?.(shows?.(why) ?? text);
  }

  private succeeded(): void {
    if (this.failures >= this.policy.shownFrom) this.services.onTrouble?.(undefined);
    this.failures = 0;
    this.troubledSinceMs = Infinity;
  }
}
