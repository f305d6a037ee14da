import type { Readable } from 'node:stream';
import { parseJson } from '../json/parseJson.js';
import { writeJson } from '../json/writeJson.js';
import { endpointOf } from './endpointOf.js';
import type { Answer } from './HttpLine.js';
import { kindOf, notThePlatform } from './notThePlatform.js';
import { platformWords } from './platformWords.js';
import type { PlatformWords } from './platformWords.js';
import { SoarApiError } from './SoarApiError.js';
import type { Effect, SoarRequest } from './SoarRequest.js';

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'timeout',
  409: 'conflict',
  413: 'too-large',
  429: 'rate-limited',
  500: 'server-error',
  502: 'gateway-error',
  503: 'server-unavailable',
  504: 'gateway-error',
};

/** Characters of JSON that every gateway accepts; the lowest limit that one sets by default is 48 KiB (IIS, client certificates). */
const SMALL_BODY_CHARS = 32_000;

/** How much of an error body is kept. */
const MAX_BODY_CHARS = 64_000;

/**
 * An unsuccessful answer. Its status concerns the object only together with the platform's own words; from anything
 * else it means that the platform is away.
 */
export async function failureOf(request: SoarRequest, answer: Answer): Promise<SoarApiError> {
  const text = (answer.stream === undefined ? answer.text : await firstPart(answer.stream)).trim();
  const words = platformWords(parsed(text));
  if (words !== undefined) return refusal(request, answer, words);
  if (answer.status === 413 && mayBeTooLarge(request)) return tooLarge(request, answer);
  return notThePlatform(request, answer, kindOf(answer, text));
}

/** Whether an answer that was not taken as a stream has the platform's own words. */
export function saidByPlatform({ text }: Pick<Answer, 'text'>): boolean {
  return platformWords(parsed(text.trim())) !== undefined;
}

/** The platform itself said no: with a status of its own, or with 200 and `success: false`. */
export function refusal(request: SoarRequest, answer: Answer, words: PlatformWords): SoarApiError {
  const { status } = answer;
  const outcomeUnknown = mayHaveBeenDone(status, request.effect);
  const unknown = outcomeUnknown ? ' (whether it was done is unknown)' : '';
  return new SoarApiError(`${endpointOf(request)} failed with ${status}: ${words.message}${unknown}`, {
    code: CODES[status] ?? 'refused',
    status,
    // 409: do not repeat this request, but send one that is based on the current object.
    retryable: [408, 409, 425, 429].includes(status) || status >= 500,
    unavailable: status === 401,
    retryAfterMs: answer.retryAfterMs,
    outcomeUnknown,
    hints: words.hints,
  });
}

/**
 * A change that got 500 in the platform's own words was rolled back, and is idempotent. After any 5xx, the outcome of a
 * create is unknown: a second node, or a step after the commit, may have sent it.
 */
function mayHaveBeenDone(status: number, effect: Effect): boolean {
  if (effect === 'read') return false;
  if (effect === 'create' && status >= 500) return true;
  return status === 502 || status === 504 || status === 408;
}

/** A file, or a long body. If a small one is refused for its size, the gateway is at fault, not the object. */
function mayBeTooLarge({ upload, body }: SoarRequest): boolean {
  if (upload !== undefined) return true;
  return body !== undefined && writeJson(body).length > SMALL_BODY_CHARS;
}

/**
 * A gateway with its own limit refuses this body every time: that concerns the object, and is not an outage. But it is
 * not proven that the body never reached the platform.
 */
function tooLarge(request: SoarRequest, { status }: Answer): SoarApiError {
  return new SoarApiError(
    `${endpointOf(request)} was refused with ${status} before the platform saw it: a gateway accepts no body of this size.`,
    { code: 'too-large', outcomeUnknown: request.effect !== 'read', details: { httpStatus: status } },
  );
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

async function firstPart(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.length > MAX_BODY_CHARS) break;
    }
  } catch {
    // The status is known; the words are optional.
  }
  return text;
}
