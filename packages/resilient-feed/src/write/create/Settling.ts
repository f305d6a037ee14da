import { RetryableError } from '@soar-feed/core';
import type { Clock } from '@soar-feed/core';
import type { Intent } from '../../mapping/Intent.js';
import { shortHash } from '../../translate/digest.js';
import { BoundedCache } from '../../BoundedCache.js';

/** After a create without an answer: a look after 1 s, 2 s, 4 s …; from the sixth on one at the end of the wait. */
const FIRST_LOOK_MS = 1_000;
const LAST_LOOKS = 5;

/**
 * A server may commit late what it never answered: until this time is over nothing is created again. It begins when the
 * answer failed to come, which is long after the begin where a file was sent or a busy server made the client wait; for
 * what another process began, with this one. Only our own clock counts, and only while this process lives: what was
 * written down before may be by one that has been set since.
 */
export class Settling {
  private readonly openedAtMs: number;
  /** When an answer failed to come last, ms, by what was to be made: equal objects may turn up for each other. */
  private readonly unansweredAtMs = new BoundedCache<string, number>(10_000);
  /** Looks since then: each waits twice as long for the next. */
  private readonly looks = new BoundedCache<string, number>(10_000);

  constructor(
    private readonly clock: Clock,
    /** `create_settle`: at least the server's own timeout. */
    private readonly settleMs: number,
  ) {
    this.openedAtMs = clock.now();
  }

  /** The create goes out, or went out and nobody knows what became of it. */
  unanswered(intent: Intent): void {
    this.unansweredAtMs.set(whatOf(intent), this.clock.now());
    this.looks.delete(whatOf(intent));
  }

  /** Throws `RetryableError`, uncharged, while the create, or one of an equal object, may still take effect. */
  assertOver(intent: Intent): void {
    const what = whatOf(intent);
    const sinceMs = this.unansweredAtMs.get(what) ?? this.openedAtMs;
    const leftMs = sinceMs + this.settleMs - this.clock.now();
    if (leftMs <= 0) return;
    const looks = (this.looks.get(what) ?? 0) + 1;
    this.looks.set(what, looks);
    throw new RetryableError('Looking for the object whose creation was not answered.', {
      code: 'create-unsettled',
      retryAfterMs: looks > LAST_LOOKS ? leftMs : Math.min(leftMs, FIRST_LOOK_MS * 2 ** (looks - 1)),
      uncharged: true,
    });
  }
}

/** Equal for objects that cannot be told apart in the target. */
function whatOf({ source, naturalKey, targetIncidentId, targetTaskId, targetParentId }: Intent): string {
  return shortHash([source.type, targetIncidentId, targetTaskId, targetParentId, naturalKey]);
}
