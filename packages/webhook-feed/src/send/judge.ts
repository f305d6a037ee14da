import { classifyHttpStatus, PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import type { FeedError } from '@soar-feed/core';
import type { Answer } from '../request/Poster.js';

/** The address is wrong, or there is nothing (any more): no object is to blame. */
const NOTHING_THERE = new Set([404, 405, 410]);

/** What an answer means for the whole request; `undefined`: taken, item by item. */
export function judge({ status, headers }: Answer, place: string): FeedError | undefined {
  const code = `webhook-${status}`;
  if (status >= 300 && status < 400) {
    const text = `The receiver at ${place} redirects (${status}${targetOf(headers)}), which is not followed; set url to the right address.`;
    return new UnavailableError(text, { code: 'webhook-redirect' });
  }
  if (NOTHING_THERE.has(status)) {
    return new UnavailableError(`Nothing takes changes at ${place} (${status}); check url.`, { code });
  }
  if (status === 407) {
    const text = `The proxy before ${place} does not accept the login (407); check proxy_user and proxy_password.`;
    return new UnavailableError(text, { code });
  }
  const { verdict, retryAfterMs } = classifyHttpStatus(status, headers);
  const details = { code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  switch (verdict) {
    case 'ok':
      return undefined;
    case 'retryable':
      return new RetryableError(`The receiver at ${place} answered ${status}.`, details);
    case 'unavailable':
      return new UnavailableError(
        `The receiver at ${place} does not accept the login (${status}); check secret, token and headers.`,
        details,
      );
    case 'permanent':
      return new PermanentError(`The receiver at ${place} refuses the change (${status}).`, details);
  }
}

/** Also an empty batch is forbidden: the changes are not to blame. */
export function forbidden(place: string): UnavailableError {
  const text = `The receiver at ${place} forbids everything (403); check secret, token and headers.`;
  return new UnavailableError(text, { code: 'webhook-403' });
}

/** Only the host: an address may hold a token. */
function targetOf(headers: Answer['headers']): string {
  const { location } = headers;
  return typeof location === 'string' && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}
