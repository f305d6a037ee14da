import { endpointOf } from './endpointOf.js';
import type { Answer } from './HttpLine.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';

/**
 * An answer that the platform did not give: a gateway's page of any status, a redirect, a good status without what is
 * due. It says nothing of any object, so the error carries no `status`; whether a write went through is unknown, as a
 * gateway may answer after the platform did its work.
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

/** What came instead of the platform's JSON. Its text stays out of the message: it may be anybody's. */
export function kindOf(answer: Answer, text: string): string {
  if (text === '') return 'no body';
  if (text.startsWith('<')) return 'a web page (HTML)';
  if (text.startsWith('{') || text.startsWith('[')) return 'JSON of another kind';
  return `a body of type ${answer.headers['content-type']?.split(';')[0] ?? 'unknown'}`;
}

function adviceFor(status: number): string {
  if (status >= 300 && status < 400) return 'It sends us elsewhere: check `host`, `port` and `resource_prefix`.';
  if (status === 401) return 'If it is the platform all the same, check the login.';
  return 'Is `host` the server itself, or a gateway or portal before it that cannot reach it?';
}
