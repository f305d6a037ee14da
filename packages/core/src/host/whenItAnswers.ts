import { SoarApiError } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';
import type { Logger } from '../contract/Logger.js';
import { backoffMs } from '../delivery/backoff.js';

/** Nobody answers yet: the server may still be starting. Everything else needs a person. */
const MAY_COME: readonly string[] = [
  'connection-refused',
  'connect-timeout',
  'connect-failed',
  'connection-lost',
  'host-not-found',
  'timeout',
  'not-the-platform',
];
const PAUSE = { firstMs: 1_000, capMs: 30_000 };

export interface Patience {
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** `false`: ask once. */
  readonly patient: boolean;
}

/** What a start needs of the source. Waits for a server that does not answer yet; throws what needs a person. */
export async function whenItAnswers<T>(ask: () => Promise<T>, { log, clock, signal, patient }: Patience): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!patient || !SoarApiError.is(error) || !mayCome(error)) throw error;
      const pauseMs = backoffMs(attempt, 500, PAUSE);
      log.warn(`The source cannot be reached, tried again in ${Math.round(pauseMs / 100) / 10} s: ${error.message}`, {
        code: error.code,
      });
      await clock.sleep(pauseMs, signal);
    }
  }
}

function mayCome({ code, status = 0 }: SoarApiError): boolean {
  return MAY_COME.includes(code) || status === 429 || status >= 500;
}
