import { endpointOf } from './endpointOf.js';
import type { Answer } from './HttpLine.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';

/** The object or list in a good answer. Text never passes for data: a login page with status 200 is an error. */
export function readJson<T>(request: SoarRequest, answer: Answer): T {
  const text = answer.text.trim();
  if (text === '') throw unreadable(request, answer, 'empty-answer', 'answered with nothing where an object is due');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw text.startsWith('{') || text.startsWith('[')
      ? unreadable(request, answer, 'truncated-answer', 'answered with JSON that is cut short or broken', error)
      : unreadable(request, answer, 'not-json', `answered with ${kindOf(answer, text)} instead of JSON`, error);
  }
  if (typeof body !== 'object' || body === null) {
    throw unreadable(request, answer, 'not-json', `answered with a bare ${body === null ? 'null' : typeof body}`);
  }
  return body as T;
}

function kindOf(answer: Answer, text: string): string {
  if (text.startsWith('<')) return 'a web page (HTML)';
  return answer.headers['content-type']?.split(';')[0] ?? 'text';
}

/** The write was most likely done, but nobody can read what it made. */
function unreadable(request: SoarRequest, answer: Answer, code: string, what: string, cause?: unknown): SoarApiError {
  const outcomeUnknown = request.effect !== 'read';
  return new SoarApiError(
    `${endpointOf(request)} ${what}; is \`host\` the server itself, or a portal in front of it?` +
      (outcomeUnknown ? ' Whether the write was done is unknown.' : ''),
    { code, status: answer.status, retryable: true, outcomeUnknown, cause },
  );
}
