import type { Clock } from '../contract/Clock.js';
import type { FeedStore } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';

const EVERY_MS = 10 * 60_000;
/** Entries forgotten in one commit, and the rest between two, so that nobody waits for it. */
const CHUNK = 500;
const REST_MS = 100;

export interface PruneOptions {
  /** Entries that are older are forgotten; 0: none are kept anyway. */
  readonly keepMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Forgets outcomes of single events by age, in the background, until the signal comes. Never rejects. */
export async function pruneOutcomes(store: FeedStore, { keepMs, clock, log, signal }: PruneOptions): Promise<void> {
  if (keepMs === 0) return;
  while (!signal.aborted) {
    let more = false;
    try {
      more = (await store.outcomes.prune(clock.now() - keepMs, CHUNK)) === CHUNK;
    } catch (error) {
      // A store in trouble is told by what needs it; this comes again.
      log.debug(`Old outcomes could not be forgotten now: ${String(error)}`);
    }
    await clock.sleep(more ? REST_MS : EVERY_MS, signal).catch(() => undefined);
  }
}
