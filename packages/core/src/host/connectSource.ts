import { SoarApiError, SoarClient } from '@soar-feed/soar-client';
import type { SoarConnection } from '@soar-feed/soar-client';
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
];
const PAUSE = { firstMs: 1_000, capMs: 30_000 };

/**
 * Logs in at the source. Waits for a server that does not answer yet when `patient`; throws `SoarApiError` for wrong
 * credentials, a wrong organization or an untrusted certificate.
 */
export async function connectSource(
  connection: SoarConnection,
  {
    log,
    clock,
    signal,
    patient,
  }: { readonly log: Logger; readonly clock: Clock; readonly signal: AbortSignal; readonly patient: boolean },
): Promise<SoarClient> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await SoarClient.connect(connection, { signal });
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

function mayCome(error: SoarApiError): boolean {
  return MAY_COME.includes(error.code) || (error.status !== undefined && error.status >= 500);
}
