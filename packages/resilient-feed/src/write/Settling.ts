import { RetryableError } from '@soar-feed/core';
import type { Clock } from '@soar-feed/core';
import type { Intent } from '../mapping/Intent.js';

/** After an unanswered create: a look after 1 s, 2 s, 4 s …; from the sixth on one at the end of the wait. */
const FIRST_LOOK_MS = 1_000;
const LAST_LOOKS = 5;

/** A server may commit late what it never answered: until this time is over nothing is created again. */
export class Settling {
  constructor(
    private readonly clock: Clock,
    /** `create_settle`: at least the server's own timeout. */
    private readonly settleMs: number,
  ) {}

  now(): number {
    return this.clock.now();
  }

  /** Throws `RetryableError` while the create may still take effect. */
  assertOver(intent: Intent, attempt: number): void {
    const leftMs = intent.sentAtMs + this.settleMs - this.clock.now();
    if (leftMs <= 0) return;
    throw new RetryableError('Looking for the object whose creation was not answered.', {
      code: 'create-unsettled',
      retryAfterMs: attempt > LAST_LOOKS ? leftMs : Math.min(leftMs, FIRST_LOOK_MS * 2 ** (attempt - 1)),
    });
  }
}
