import { classifyHttpStatus, RetryableError, UnavailableError } from '@soar-feed/core';
import type { FeedError } from '@soar-feed/core';

/** What the collector answered. */
export interface HecAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Absent: somebody else answered. */
  readonly code?: number;
  readonly ackId?: number;
  /** The first event of the request that was refused; from 0. */
  readonly invalid?: number;
}

/** What a person must mend in Splunk or in the section; until then nothing gets through (codes of the collector). */
const TO_MEND: ReadonlyMap<number, string> = new Map([
  [1, 'the token is disabled; enable it'],
  [2, 'it wants a token; check token'],
  [3, 'it does not take the authorization; check token'],
  [4, 'it does not know the token; check token'],
  [7, 'the token does not allow the index; check index, or allow it for the token'],
  [10, 'the token wants acknowledgements; set ack=auto'],
  [11, 'it refuses the channel'],
  [14, 'the token offers no acknowledgements; set ack=auto, or enable them'],
  [16, 'it refuses the kind of login'],
]);

/** An event is at fault: no data, no JSON, no event, a blank one, or fields that it does not take. */
const OF_EVENTS: ReadonlySet<number> = new Set([5, 6, 12, 13, 15]);

export function isOk({ status, code }: HecAnswer): boolean {
  return status < 300 && code === 0;
}

/** Whether events of the request are at fault, so that the others can be sent without them. */
export function isOfEvents({ code }: HecAnswer): boolean {
  return code !== undefined && OF_EVENTS.has(code);
}

/**
 * Why a request failed. The code decides before the status: a 403 of a disabled token says nothing about the events, and who
 * answers without a code is not the collector.
 */
export function hecFailure(answer: HecAnswer, place: string): FeedError {
  const { status, code, headers } = answer;
  if (code === undefined) return ofStranger(status, headers, place);
  const mend = TO_MEND.get(code);
  if (mend !== undefined)
    return new UnavailableError(`${place}: ${mend} (code ${code}).`, { code: `splunk-code-${code}` });
  const { retryAfterMs } = classifyHttpStatus(503, headers);
  const details = { code: `splunk-code-${code}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  return new RetryableError(`${place}: it takes nothing now (${status}, code ${code}).`, details);
}

function ofStranger(status: number, headers: Readonly<Record<string, unknown>>, place: string): FeedError {
  const { verdict, retryAfterMs } = classifyHttpStatus(status, headers);
  const details = { code: 'splunk-odd-answer', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (verdict === 'retryable' && ![502, 503, 504].includes(status)) {
    return new RetryableError(`${place}: the answer is ${status}.`, { ...details, code: `splunk-${status}` });
  }
  const problem = `${place}: the answer (${status}) is not that of an event collector; check host and port; is a proxy or a portal in between?`;
  return new UnavailableError(problem, details);
}
