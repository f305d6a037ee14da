import { surroundings } from '../surroundings.js';
/**
 * `Retry-After` → ms from now: seconds, or a date, which counts from the `Date` that the same server wrote beside it. A
 * mistake of a server must not cause a pause of days, so `maxMs` is the limit.
 */
export function retryAfterMsOf(
  header: string | undefined,
  serverDate: string | undefined,
  maxMs: number,
): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) - nowOf(serverDate) : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.min(maxMs, Math.max(0, ms));
}

function nowOf(serverDate: string | undefined): number {
  const now = Date.parse(serverDate ?? '');
  return Number.isNaN(now) ? surroundings().now() : now;
}
