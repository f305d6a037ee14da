import type { Logger } from '../contract/Logger.js';
import { backoffMs } from './backoff.js';
import { classify } from './classify.js';
import { facts } from './Ending.js';
import type { Entry } from './Entry.js';

const REST = { firstMs: 1_000, capMs: 30_000 };

/**
 * The source does not give what an event needs, now: no fault of the object, so it rests, later and later, and no attempt
 * is charged. Told once per event, then counted.
 */
export class SourceWaits {
  constructor(
    private readonly log: Logger,
    private readonly maxPauseMs: number,
  ) {}

  /** How long to rest, ms. */
  restMs(entry: Entry, error: unknown): number {
    entry.sourceWaits = (entry.sourceWaits ?? 0) + 1;
    const verdict = classify(error);
    const askedMs = 'retryAfterMs' in verdict ? (verdict.retryAfterMs ?? 0) : 0;
    const restMs = backoffMs(entry.sourceWaits, Math.max(REST.firstMs, Math.min(askedMs, this.maxPauseMs)), REST);
    const say = entry.sourceWaits === 1 ? 'warn' : 'debug';
    const message = error instanceof Error ? error.message : String(error);
    const more = { ...facts(entry.event), event: 'source.waits', code: verdict.code, times: entry.sourceWaits };
    this.log[say](`The source does not give it now, tried again until it does: ${message}`, more);
    return restMs;
  }
}
