import { endpointOf } from './endpointOf.js';
import type { Answer } from './HttpLine.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';

/**
 * An answer that is not from the platform: a gateway's page with any status, a redirect, or a good status without the
 * expected body. It says nothing about any object, so the error has no `status`. Whether a write was done is unknown,
 * because a gateway may answer after the platform did its work.
 */
export function notThePlatform(request: SoarRequest, answer: Answer, what: string, cause?: unknown): SoarApiError {
  const { status } = answer;
  const outcomeUnknown = request.effect !== 'read';
  const unknown = outcomeUnknown ? ' Whether it was done is unknown.' : '';
  return new SoarApiError(
    `${endpointOf(request)} was answered with ${status} and ${what}, not by the platform. ${adviceFor(status)}${unknown}`,
    {
      code: 'not-the-platform',
      retryable: true,
      unavailable: true,
      retryAfterMs: answer.retryAfterMs,
      outcomeUnknown,
      details: { httpStatus: status },
      cause,
    },
  );
}

/** What came instead of the platform's JSON. The message does not contain its text, which may be anything. */
export function kindOf(answer: Answer, text: string): string {
  if (text === '') return 'no body';
  if (text.startsWith('<')) return 'a web page (HTML)';
  if (text.startsWith('{') || text.startsWith('[')) return 'JSON of another kind';
  return `a body of type ${answer.headers['content-type']?.split(';')[0] ?? 'unknown'}`;
}

function adviceFor(status: number): string {
  if (status >= 300 && status < 400)
    return 'It redirects to another address: check `host`, `port` and `resource_prefix`.';
  if (status === 401) return 'If this is the platform, check the login.';
  return 'Check whether `host` is the server itself, or a gateway or portal that cannot reach it.';
}
