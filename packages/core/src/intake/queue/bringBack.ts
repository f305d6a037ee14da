import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import { backoffMs } from '../../trouble/backoff.js';
import { classify } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';

/** Tries of a message whose handling fails in a way that may pass, before it is parked as it came. */
const FAULT_TRIES = 3;

export interface BringBackServices {
  readonly clock: Clock;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/**
 * Handles a message until it has an end. The broker does not redeliver a message while the session lasts, so a message that
 * was merely dropped would keep its place in the window. Therefore it is tried again here, and parked by `keep` once trying
 * again does not help. While the source or the store is away, it waits. Throws only `StoppingError`: then the message
 * stays unacknowledged and comes again.
 */
export async function bringBack<T>(
  messageId: string,
  handle: () => Promise<T>,
  keep: (error: unknown) => Promise<T>,
  { clock, log, stopping }: BringBackServices,
): Promise<T> {
  for (let attempt = 1, charged = 0; ; attempt += 1) {
    let failure: unknown;
    try {
      return await handle();
    } catch (error) {
      failure = error;
    }
    if (failure instanceof StoppingError || stopping.aborted) throw new StoppingError();
    const { move, code } = classify(failure);
    if (move !== 'pause') charged += 1;
    if (move === 'give-up' || charged >= FAULT_TRIES) {
      try {
        return await keep(failure);
      } catch (error) {
        if (error instanceof StoppingError || stopping.aborted) throw new StoppingError();
        log.error(`A message could be neither handled nor parked: ${messageOf(error)}`, { messageId, error });
      }
    }
    const pauseMs = backoffMs(attempt);
    log[attempt === 1 ? 'warn' : 'debug'](
      `A message could not be handled and is tried again in ${pauseMs} ms: ${messageOf(failure)}`,
      { messageId, code },
    );
    await clock.sleep(pauseMs, stopping).catch(() => {
      throw new StoppingError();
    });
  }
}
