import { parseJson, PermanentError, RetryableError } from '@soar-feed/core';
import type { FeedError } from '@soar-feed/core';
import type { Answer } from '../request/Poster.js';

/** What the receiver says of one item; `undefined`: taken. */
export type ItemVerdict = (id: string) => FeedError | undefined;

interface Result {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly retry_after?: unknown;
}

/**
 * An answer that lists results speaks for each item; any other answer of success speaks for all. An item that a list
 * leaves out counts as not taken.
 */
export function itemResults({ body }: Answer, place: string): ItemVerdict {
  const results = resultsOf(body);
  if (results === undefined) return () => undefined;
  const byId = new Map(results.map((result) => [String(result?.id), result]));
  return (id) => {
    const result = byId.get(id);
    if (result === undefined || result === null) return odd(place, 'does not say what became of the change');
    const code = typeof result.code === 'string' && /^[\w.-]{1,60}$/.test(result.code) ? ` (${result.code})` : '';
    switch (result.status) {
      case 'delivered':
        return undefined;
      case 'retry':
        return new RetryableError(`The receiver at ${place} cannot take the change now${code}.`, {
          code: 'webhook-item-retry',
          ...(typeof result.retry_after === 'number' && result.retry_after >= 0
            ? { retryAfterMs: result.retry_after * 1_000 }
            : {}),
        });
      case 'failed':
        return new PermanentError(`The receiver at ${place} refuses the change${code}.`, {
          code: 'webhook-item-failed',
        });
      default:
        return odd(place, 'gives the change a status other than delivered, retry and failed');
    }
  };
}

function odd(place: string, what: string): RetryableError {
  return new RetryableError(`The receiver at ${place} ${what}.`, { code: 'webhook-odd-answer' });
}

function resultsOf(body: string): readonly (Result | null)[] | undefined {
  // Most receivers answer nothing, or a page.
  if (!body.trimStart().startsWith('{')) return undefined;
  try {
    const { results } = parseJson(body) as { results?: unknown };
    return Array.isArray(results) ? (results as readonly (Result | null)[]) : undefined;
  } catch {
    return undefined;
  }
}
