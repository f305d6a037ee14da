import type { Clock } from '../contract/Clock.js';
import { FeedError, StoppingError } from '../contract/errors.js';
import type { Logger } from '../contract/Logger.js';
import { backoffMs } from '../trouble/backoff.js';

const STORE_BACKOFF = { firstMs: 200, capMs: 10_000 };

/** A store that fails again this soon is waited for as long as before. */
const RELAPSE_MS = 60_000;

/** Whether the store takes rows now; the host's status shows it. */
export interface StoreHealth {
  problem: string | undefined;
  /** Operations that the store refuses: it is up again when it has taken each of them. */
  refused?: number;
  /** Failures in a row, and when the last one was: a short success does not begin the back-off anew. */
  streak?: { attempts: number; atMs: number };
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
  const { health, clock, signal } = context;
  let refused = false;
  let taken = false;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await operation();
        taken = true;
        return result;
      } catch (error) {
        if (!FeedError.is(error) || error.kind !== 'store') throw error;
        if (!refused) health.refused = (health.refused ?? 0) + 1;
        refused = true;
        wentDown(context, what, error);
        const pauseMs = backoffMs(Math.max(attempt, attemptsInARow(context)), 50, STORE_BACKOFF);
        await clock.sleep(pauseMs, signal).catch(() => {
          throw new StoppingError();
        });
      }
    }
  } finally {
    if (refused) health.refused = (health.refused ?? 1) - 1;
    if (refused && taken && health.refused === 0) cameUp(context);
  }
}

function wentDown({ health, log }: DurablyContext, what: string, error: FeedError): void {
  if (health.problem === undefined) {
    log.error(`The state store failed, nothing is acknowledged until it is back: ${error.message}`, {
      event: 'store.down',
      code: error.code,
      what,
    });
  }
  health.problem = error.message;
}

function cameUp({ health, log }: DurablyContext): void {
  health.problem = undefined;
  log.info('The state store takes rows again.', { event: 'store.up' });
}

/** Of all operations together, one for each pause: they fail by the same store. */
function attemptsInARow({ health, clock }: DurablyContext): number {
  const atMs = clock.now();
  const { streak } = health;
  const goesOn = streak !== undefined && atMs - streak.atMs < RELAPSE_MS;
  if (goesOn && (health.refused ?? 0) > 1) return streak.attempts;
  health.streak = { attempts: goesOn ? streak.attempts + 1 : 1, atMs };
  return health.streak.attempts;
}
