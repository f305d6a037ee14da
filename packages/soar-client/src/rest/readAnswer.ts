import { parseJson } from '../json/parseJson.js';
import type { Due } from './due.js';
import { endpointOf } from './endpointOf.js';
import { refusal } from './failureOf.js';
import type { Answer } from './HttpLine.js';
import { kindOf, notThePlatform } from './notThePlatform.js';
import { platformWords } from './platformWords.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';

/** The data of an answer with a good status. Text, a page or foreign JSON never counts as data. */
export function readAnswer<T>(request: SoarRequest, answer: Answer, due: Due): T {
  const text = answer.text.trim();
  if (text === '') throw notThePlatform(request, answer, 'no body');
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    throw text.startsWith('{') || text.startsWith('[')
      ? broken(request, error)
      : notThePlatform(request, answer, kindOf(answer, text), error);
  }
  if (typeof body !== 'object' || body === null) throw notThePlatform(request, answer, 'a bare value');
  if (due(body)) return body as T;
  const words = platformWords(body);
  throw words === undefined ? notThePlatform(request, answer, kindOf(answer, text)) : refusal(request, answer, words);
}

/** A DELETE is confirmed by 204, or by 200 in the platform's words: `{"success":true,...}` or what was deleted. */
export function readDeletion(request: SoarRequest, answer: Answer): void {
  if (answer.status === 204) return;
  readAnswer(request, answer, (body) => {
    const { success, id } = body as { readonly success?: unknown; readonly id?: unknown };
    return success === true || typeof id === 'number';
  });
}

/** Broken and unreadable; but it began as JSON, so it does not mean an outage, either. */
function broken(request: SoarRequest, cause: unknown): SoarApiError {
  const outcomeUnknown = request.effect !== 'read';
  return new SoarApiError(
    `${endpointOf(request)} answered with truncated or broken JSON.` +
      (outcomeUnknown ? ' Whether the write was done is unknown.' : ''),
    { code: 'truncated-answer', retryable: true, outcomeUnknown, cause },
  );
}
