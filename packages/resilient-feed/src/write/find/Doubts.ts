import { PermanentError, keyText } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { BoundedCache } from '../../BoundedCache.js';

interface Reason {
  readonly code: 'undecided' | 'target-missing';
  readonly cause?: unknown;
}

/**
 * Objects that a person must decide on, because they may be in the target already, or were deleted there by hand. An event that
 * comes with a person's decision is not in doubt.
 */
export class Doubts {
  /** Id of the event that was postponed, by object. */
  private readonly postponed = new BoundedCache<string, string>(10_000);

  /** `mayWait`: whether the incident of this object will be delivered again, so that what waits for it is shown once more. */
  constructor(private readonly mayWait: (key: ObjectKey) => boolean = () => true) {}

  /** Whether the event is in doubt for the first time: later events may still clear it up. */
  postpone({ id, key, decided }: FeedEvent): boolean {
    if (decided === true || !this.mayWait(key) || this.postponed.get(keyText(key)) === id) return false;
    this.postponed.set(keyText(key), id);
    return true;
  }

  /** Throws `PermanentError` unless a person has decided. */
  raise({ decided }: FeedEvent, why: string, { code, cause }: Reason = { code: 'undecided' }): void {
    if (decided !== true) throw new PermanentError(why, { code, cause });
  }
}
