import type { Clock } from '../contract/Clock.js';
import { FeedError, StoppingError } from '../contract/errors.js';
import type { Logger } from '../contract/Logger.js';
import { backoffMs } from '../delivery/backoff.js';

const STORE_BACKOFF = { firstMs: 200, capMs: 10_000 };

/** Whether the store takes rows now; the host's status shows it. */
export interface StoreHealth {
  problem: string | undefined;
}

export interface DurablyContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly health: StoreHealth;
  /** Aborted when the host can wait no longer: what was not stored then was not taken. */
  readonly signal: AbortSignal;
}

/**
 * Does a store operation until it succeeds: while the store is locked, full or away nothing is acknowledged, and
 * everything goes on by itself once it is back. Rejects with `StoppingError` when the host stops first.
 */
export async function durably<T>(context: DurablyContext, what: string, operation: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await operation();
      if (context.health.problem !== undefined) {
        context.health.problem = undefined;
        context.log.info('The state store takes rows again.', { event: 'store.up' });
      }
      return result;
    } catch (error) {
      if (!FeedError.is(error) || error.kind !== 'store') throw error;
      if (context.health.problem === undefined) {
        context.log.error(`The state store failed, nothing is acknowledged until it is back: ${error.message}`, {
          event: 'store.down',
          code: error.code,
          what,
        });
      }
      context.health.problem = error.message;
      await context.clock.sleep(backoffMs(attempt, 50, STORE_BACKOFF), context.signal).catch(() => {
        throw new StoppingError();
      });
    }
  }
}
