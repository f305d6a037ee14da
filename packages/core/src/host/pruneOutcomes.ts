import type { Clock } from '../contract/Clock.js';
import type { FeedStore } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';

const EVERY_MS = 10 * 60_000;
/** Entries deleted per commit, and the pause between two commits, ms, so that nobody waits for it. */
const CHUNK = 500;
const REST_MS = 100;

export interface PruneOptions {
  /** Older entries are deleted; 0: none are kept anyway. ms. */
  readonly keepMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Deletes old outcomes of single events in the background, until the signal is aborted. Never rejects. */
export async function pruneOutcomes(store: FeedStore, { keepMs, clock, log, signal }: PruneOptions): Promise<void> {
  if (keepMs === 0) return;
  while (!signal.aborted) {
    let more = false;
    try {
      more = (await store.outcomes.prune(clock.now() - keepMs, CHUNK)) === CHUNK;
    } catch (error) {
      // Operations that need the store report its trouble; this one comes again.
      log.debug(`Old outcomes could not be deleted now: ${String(error)}`);
    }
    await clock.sleep(more ? REST_MS : EVERY_MS, signal).catch(() => undefined);
  }
}
