import { endpointOf } from './endpointOf.js';
import { pause } from './pause.js';
import { SoarApiError } from './SoarApiError.js';
import type { Effect, SoarRequest } from './SoarRequest.js';

export interface RepeatPolicy {
  /** Repeats, the first try not counted. */
  readonly max: number;
  /** Before the first repeat, ms. */
  readonly delayMs: number;
  /** Each further pause is this many times as long. */
  readonly backoff: number;
  readonly onRetry?: ((info: RepeatInfo) => void) | undefined;
}

/** A repeat about to happen. */
export interface RepeatInfo {
  /** `GET /rest/orgs/201/types` */
  readonly endpoint: string;
  /** 1 for the first repeat. */
  readonly repeat: number;
  readonly delayMs: number;
  readonly error: SoarApiError;
}

/**
 * If a server asks for a longer pause than this, the caller gets the error instead: lanes must not sleep unnoticed. ms.
 */
const MAX_PAUSE_MS = 10_000;

/** Tries again only if that cannot do the request twice. */
export async function repeatWhileSafe<T>(
  request: SoarRequest,
  policy: RepeatPolicy,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let repeat = 1; ; repeat++) {
    try {
      return await attempt();
    } catch (error) {
      if (!SoarApiError.is(error) || repeat > policy.max || !isSafeToRepeat(error, request.effect)) throw error;
      const delayMs = Math.max(policy.delayMs * policy.backoff ** (repeat - 1), error.retryAfterMs ?? 0);
      if (delayMs > MAX_PAUSE_MS) throw error;
      policy.onRetry?.({ endpoint: endpointOf(request), repeat, delayMs, error });
      await pause(delayMs, request.signal);
      if (request.signal?.aborted) throw error;
    }
  }
}

/** Failures before anything was sent. A certificate that is not trusted now will not be trusted in a second. */
const NEVER_SENT = new Set(['connection-refused', 'host-not-found', 'connect-failed', 'connect-timeout', 'tls-failed']);

/** An answer that broke off: a read can simply be repeated. */
const BROKEN_OFF = new Set(['connection-lost', 'truncated-answer']);

/** The platform's own words for a temporary problem. */
const PASSING = new Set([502, 503, 504]);

/**
 * A create is sent again only if it cannot have been done: a proxy may answer 503 after the commit. Changes are
 * idempotent. If one was done and its answer got lost, the repeat meets the result: a PUT with a version gets 409 and
 * is rebuilt from the current object, a DELETE gets 404.
 */
function isSafeToRepeat(error: SoarApiError, effect: Effect): boolean {
  if (NEVER_SENT.has(error.code) || error.status === 429) return true;
  const awayForNow = error.code === 'not-the-platform' && error.details['httpStatus'] !== 401;
  if (awayForNow || PASSING.has(error.status ?? 0)) return effect !== 'create';
  return effect === 'read' && BROKEN_OFF.has(error.code);
}
