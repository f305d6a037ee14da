import { PermanentError, keyText } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { BoundedCache } from './BoundedCache.js';

type Stage = 'later' | 'undecided';

/**
 * Objects that may stand in the target already, when nobody can tell. An event of which it was said before comes again
 * only because a person wants it: then its object is made.
 */
export class Doubts {
  private readonly stages = new BoundedCache<string, { readonly eventId: string; readonly stage: Stage }>(10_000);

  /** Whether the event is doubtful for the first time: what comes meanwhile may clear it up. */
  postpone(event: FeedEvent): boolean {
    if (this.stageOf(event) !== undefined) return false;
    this.set(event, 'later');
    return true;
  }

  /** Throws `PermanentError` `undecided`, once for each event. */
  raise(event: FeedEvent, why: string): void {
    if (this.stageOf(event) === 'undecided') return;
    this.set(event, 'undecided');
    throw new PermanentError(why, { code: 'undecided' });
  }

  private stageOf({ id, key }: FeedEvent): Stage | undefined {
    const known = this.stages.get(keyText(key));
    return known?.eventId === id ? known.stage : undefined;
  }

  private set({ id, key }: FeedEvent, stage: Stage): void {
    this.stages.set(keyText(key), { eventId: id, stage });
  }
}
