import { PermanentError, keyText } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import type { MappingStore } from '../../mapping/MappingStore.js';
import { BoundedCache } from '../../BoundedCache.js';

interface Reason {
  readonly code: 'undecided' | 'target-missing';
  readonly cause?: unknown;
}

/**
 * Objects that a person must decide on: they may stand in the target already, or were deleted there by hand. An event
 * that was parked for it comes again only because a person wants it: then its object is made. That a person was asked
 * outlives the process, as the parked row does.
 */
export class Doubts {
  /** Ids of events, by object. */
  private readonly postponed = new BoundedCache<string, string>(10_000);

  constructor(private readonly mapping: Pick<MappingStore, 'doubt' | 'setDoubt'>) {}

  /** Whether the event is doubtful for the first time: what comes meanwhile may clear it up. */
  async postpone({ id, key }: FeedEvent): Promise<boolean> {
    if (this.postponed.get(keyText(key)) === id || (await this.mapping.doubt(key)) === id) return false;
    this.postponed.set(keyText(key), id);
    return true;
  }

  /** Throws `PermanentError`, once for each event. */
  async raise({ id, key }: FeedEvent, why: string, { code, cause }: Reason = { code: 'undecided' }): Promise<void> {
    if ((await this.mapping.doubt(key)) === id) return;
    await this.mapping.setDoubt(key, id);
    throw new PermanentError(why, { code, cause });
  }
}
