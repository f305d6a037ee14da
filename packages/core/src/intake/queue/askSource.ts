import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import { backoffMs } from '../../delivery/backoff.js';
import { classify } from '../../delivery/classify.js';

/** Tries of a question to the source that one message depends on; until then the messages behind it wait. */
export const READ_TRIES = 5;

export interface AskServices {
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the host stops: then it throws `StoppingError`. */
  readonly stopping: AbortSignal;
}

/** Asks again while the source is in trouble, for a while: no message may hold up the others for ever. */
export async function askSource<T>(question: () => Promise<T>, tries: number, services: AskServices): Promise<T> {
  const { clock, log, stopping } = services;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await question();
    } catch (error) {
      if (stopping.aborted) throw new StoppingError();
      const verdict = classify(error);
      if ((verdict.move !== 'retry' && verdict.move !== 'pause') || attempt >= tries) throw error;
      const pauseMs = backoffMs(attempt, verdict.retryAfterMs);
      const why = error instanceof Error ? error.message : String(error);
      log.warn(`The source could not be asked about a message, tried again in ${pauseMs} ms: ${why}`, {
        code: verdict.code,
      });
      await clock.sleep(pauseMs, stopping).catch(() => {
        throw new StoppingError();
      });
    }
  }
}
