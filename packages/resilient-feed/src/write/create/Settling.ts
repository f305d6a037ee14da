import { isIncident, RetryableError } from '@soar-feed/core';
import type { Clock } from '@soar-feed/core';
import { BoundedCache } from '../../BoundedCache.js';
import type { Intent } from '../../mapping/Intent.js';
import { targetType } from '../../fields/emailTypes.js';
import { shortHash } from '../../fields/shortHash.js';

/** Looks for an unanswered create come after 1 s, 2 s, 4 s …; after the fifth, the next one is at the end of the wait. */
const FIRST_LOOK_MS = 1_000;
const LAST_LOOKS = 5;

/** `sinceMs`: when an answer failed to come last. `looks`: how often the object was looked for since. */
interface Wait {
  readonly sinceMs: number;
  readonly looks: number;
}

/**
 * How long to wait after a create without an answer, because a server may commit late: nothing is created again before
 * `create_settle` is over.
 *
 * The wait starts when the answer failed to come, which may be long after the create began, where a file was sent or a
 * busy server made the client wait. For creates of an earlier process it starts with this one. Times on disk do not
 * count, because the clock may have been set since.
 */
export class Settling {
  private readonly openedAtMs: number;
  /** By what was to be made, since equal objects cannot be distinguished in the target. */
  private readonly waits = new BoundedCache<string, Wait>(50_000);

  constructor(
    private readonly clock: Clock,
    /** `create_settle`, ms: at least the server's own timeout. */
    private readonly settleMs: number,
  ) {
    this.openedAtMs = clock.steadyMs();
  }

  /** The create is sent now, or its answer failed to come. */
  unanswered(intent: Intent): void {
    this.waits.set(whatOf(intent), { sinceMs: this.clock.steadyMs(), looks: 0 });
  }

  /** Throws `RetryableError`, uncharged, while the create, or one of an equal object, may still take effect. */
  assertOver(intent: Intent): void {
    const what = whatOf(intent);
    const { sinceMs, looks } = this.waits.get(what) ?? { sinceMs: this.openedAtMs, looks: 0 };
    const leftMs = sinceMs + this.settleMs - this.clock.steadyMs();
    if (leftMs <= 0) return;
    this.waits.set(what, { sinceMs, looks: looks + 1 });
    throw new RetryableError('Looking for the object whose creation was not answered.', {
      code: 'create-unsettled',
      retryAfterMs: looks >= LAST_LOOKS ? leftMs : Math.min(leftMs, FIRST_LOOK_MS * 2 ** looks),
      uncharged: true,
    });
  }
}

/** Equal for objects that cannot be distinguished in the target. */
function whatOf({ source, naturalKey, targetIncidentId, targetTaskId, targetParentId }: Intent): string {
  const { orgId, incidentId } = source;
  // What travels with its incident is where that one is.
  const place = targetIncidentId ?? (isIncident(source) ? undefined : [orgId, incidentId]);
  return shortHash([targetType(source.type), place, targetTaskId, targetParentId, naturalKey]);
}
