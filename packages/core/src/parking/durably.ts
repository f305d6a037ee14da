import type { Clock } from '../contract/Clock.js';
import { FeedError, StoppingError } from '../contract/errors.js';
import type { Logger } from '../contract/Logger.js';
import { backoffMs } from '../trouble/backoff.js';

const STORE_BACKOFF = { firstMs: 200, capMs: 10_000 };

/** If the store fails again within this time (ms), the back-off goes on where it was. */
const RELAPSE_MS = 60_000;

/** Whether the store takes changes now; shown in the host's status. */
export interface StoreHealth {
  problem: string | undefined;
  /** Operations that the store refused and that are tried again: it is up once it has taken all of them. */
  refused?: number;
  /** Failures in a row, and when the last one was: a short success does not restart the back-off. */
  streak?: { attempts: number; atMs: number };
}

export interface DurablyContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly health: StoreHealth;
  /** Hears that another host has taken the store over, which no waiting mends. */
  readonly onLost?: (error: FeedError) => void;
  /** Aborted when the host can wait no longer: whatever is not stored by then was not taken. */
  readonly signal: AbortSignal;
}

/**
 * Repeats a store operation until it succeeds. While the store is locked, full or away, nothing is acknowledged; once it is
 * back, everything goes on by itself. Rejects with `StoppingError` when the host stops first, and at once when the store was
 * lost to another host: then this one has to stop.
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
        if (error.code === 'store-lost') throw lost(context, what, error);
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

function lost({ health, log, onLost }: DurablyContext, what: string, error: FeedError): StoppingError {
  const { message, code } = error;
  if (health.problem !== message)
    log.error(`The state store was lost, so this host ends: ${message}`, { event: 'store.lost', code, what });
  health.problem = message;
  onLost?.(error);
  return new StoppingError();
}

function wentDown({ health, log }: DurablyContext, what: string, error: FeedError): void {
  if (health.problem === undefined) {
    log.error(`The state store failed; nothing is acknowledged until it is back: ${error.message}`, {
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

/** Counts for all operations together, once per pause, because they all fail for the same reason. */
function attemptsInARow({ health, clock }: DurablyContext): number {
  const atMs = clock.steadyMs();
  const { streak } = health;
  const goesOn = streak !== undefined && atMs - streak.atMs < RELAPSE_MS;
  if (goesOn && (health.refused ?? 0) > 1) return streak.attempts;
  health.streak = { attempts: goesOn ? streak.attempts + 1 : 1, atMs };
  return health.streak.attempts;
}
