import { surroundings } from '@soar-feed/soar-client';
export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
}

/** Retries of one event: 0.5 s doubling to 30 s. */
export const EVENT_BACKOFF: Backoff = { firstMs: 500, capMs: 30_000 };

/**
 * Exponential back-off with full jitter: a random pause up to the doubled step, so that lanes that failed together do not come
 * back together. The pause is never shorter than `atLeastMs`, which the destination asked for (Retry-After).
 */
export function backoffMs(attempt: number, atLeastMs = 0, { firstMs, capMs }: Backoff = EVENT_BACKOFF): number {
  const step = Math.min(capMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.max(atLeastMs, Math.round(surroundings().random() * step));
}
