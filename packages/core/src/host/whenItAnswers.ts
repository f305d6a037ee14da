import { SoarApiError } from '@soar-feed/soar-client';
import { FeedError } from '../contract/errors.js';
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
  /** Told what is waited for, and `undefined` once it is there. */
  readonly onWait?: (problem: string | undefined) => void;
}

/**
 * What a start needs of the source. Waits for a server that does not answer yet, or does not give its types; throws what
 * needs a person before we are logged in.
 */
export async function whenItAnswers<T>(ask: () => Promise<T>, patience: Patience): Promise<T> {
  const { log, clock, signal, patient, onWait } = patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await ask();
      onWait?.(undefined);
      return answer;
    } catch (error) {
      if (signal.aborted || !mayCome(error)) throw error;
      if (!patient) throw FeedError.is(error) && error.cause !== undefined ? error.cause : error;
      const pauseMs = backoffMs(attempt, 500, PAUSE);
      const problem = `The start waits for the source, tried again in ${Math.round(pauseMs / 100) / 10} s: ${error.message}`;
      log.warn(problem, { code: error.code });
      onWait?.(error.message);
      await clock.sleep(pauseMs, signal);
    }
  }
}

function mayCome(error: unknown): error is SoarApiError | FeedError {
  if (FeedError.is(error)) return error.kind === 'unavailable';
  if (!SoarApiError.is(error)) return false;
  const { code, status = 0 } = error;
  return MAY_COME.includes(code) || status === 429 || status >= 500;
}
