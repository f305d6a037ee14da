import { FeedError, PermanentError, keyText } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import type { MappingStore } from '../../mapping/MappingStore.js';
import { BoundedCache } from '../../BoundedCache.js';

const CODES = ['undecided', 'target-missing'] as const;

interface Reason {
  readonly code: (typeof CODES)[number];
  readonly cause?: unknown;
}

/** Whether a person is asked. Whoever delivers the event again takes that for the answer. */
export function isDoubt(error: unknown): boolean {
  return FeedError.is(error) && CODES.some((code) => code === error.code);
}

/**
 * Objects that a person must decide on, because they may be in the target already, or were deleted there by hand. If an
 * event that was parked for this comes again, a person wants its object, so it is made. The mapping remembers that a
 * person was asked, as the parked row outlives the process.
 */
export class Doubts {
  /** Id of the event that was postponed, by object. */
  private readonly postponed = new BoundedCache<string, string>(10_000);

  constructor(private readonly mapping: Pick<MappingStore, 'doubt' | 'setDoubt'>) {}

  /** Whether the event is in doubt for the first time: later events may still clear it up. */
  async postpone({ id, key }: FeedEvent): Promise<boolean> {
    if (this.postponed.get(keyText(key)) === id || (await this.mapping.doubt(key)) === id) return false;
    this.postponed.set(keyText(key), id);
    return true;
  }

  /** Throws `PermanentError`, once per event. */
  async raise({ id, key }: FeedEvent, why: string, { code, cause }: Reason = { code: 'undecided' }): Promise<void> {
    if ((await this.mapping.doubt(key)) === id) return;
    await this.mapping.setDoubt(key, id);
    throw new PermanentError(why, { code, cause });
  }
}
