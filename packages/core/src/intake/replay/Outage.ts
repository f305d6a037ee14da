import type { Logger } from '../../contract/Logger.js';
import { classify } from '../../delivery/classify.js';

/** A trouble that is met again and again while it lasts: told once, counted, and told once when it is over. */
export class Outage {
  private times = 0;

  /** `what`: the beginning of a sentence, as in "Parked rows of soar_b". */
  constructor(
    private readonly what: string,
    private readonly log: Logger,
    private readonly facts: Readonly<Record<string, unknown>>,
  ) {}

  met(error: unknown): void {
    this.times += 1;
    const message = error instanceof Error ? error.message : String(error);
    this.log[this.times === 1 ? 'warn' : 'debug'](
      `${this.what} cannot be brought back now, tried until they can: ${message}`,
      {
        ...this.facts,
        event: 'replay.waits',
        code: classify(error).code,
        times: this.times,
      },
    );
  }

  /** Everything went well. */
  over(): void {
    if (this.times === 0) return;
    this.log.info(`${this.what} are brought back again.`, {
      ...this.facts,
      event: 'replay.goes-on',
      times: this.times,
    });
    this.times = 0;
  }
}
