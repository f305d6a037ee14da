import { surroundings } from '@soar-feed/soar-client';
/** What an HTTP answer means for the event that was being delivered. */
export interface HttpVerdict {
  readonly verdict: 'ok' | 'retryable' | 'unavailable' | 'permanent';
  readonly retryAfterMs?: number;
}

const RETRYABLE = new Set([408, 425, 429]);

/**
 * One table for every target that speaks HTTP: 408, 425, 429 and 5xx may be tried again (honouring Retry-After, in
 * seconds or as a date), 401 and a proxy's 407 mean that the destination is not usable now, everything else is final. A 403 is final for
 * the object; the engine asks the target's health before it believes so.
 */
export function classifyHttpStatus(
  status: number,
  headers: Readonly<Record<string, unknown>> = {},
  nowMs: number = surroundings().now(),
): HttpVerdict {
  if (status >= 200 && status < 300) return { verdict: 'ok' };
  if (status === 401 || status === 407) return { verdict: 'unavailable' };
  if (!RETRYABLE.has(status) && status < 500) return { verdict: 'permanent' };
  const retryAfterMs = retryAfter(headers['retry-after'] ?? headers['Retry-After'], nowMs);
  return retryAfterMs === undefined ? { verdict: 'retryable' } : { verdict: 'retryable', retryAfterMs };
}

function retryAfter(value: unknown, nowMs: number): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(String(value));
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
