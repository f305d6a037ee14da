import type { Readable } from 'node:stream';
import { endpointOf } from './endpointOf.js';
import type { Answer } from './HttpLine.js';
import { retryAfterMsOf } from './retryAfterMsOf.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';

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

/** More of an error body than this is not worth keeping. */
const MAX_BODY_CHARS = 64_000;

/** An answer that says no: by its status, and by the platform's words where it gave some. */
export async function failureOf(request: SoarRequest, answer: Answer): Promise<SoarApiError> {
  const { status } = answer;
  const body = platformBody(answer.stream === undefined ? answer.text : await firstPart(answer.stream));
  const outcomeUnknown = request.effect !== 'read' && mayHaveBeenDone(status, body !== undefined);
  const facts = {
    code: CODES[status] ?? (status < 400 ? 'redirected' : 'refused'),
    status,
    // 409: not this very request, but one made from what is there now.
    retryable: [408, 409, 425, 429].includes(status) || status >= 500,
    unavailable: status === 401,
    retryAfterMs: retryAfterMsOf(answer.headers['retry-after'], Date.now()),
    outcomeUnknown,
    hints: body?.hints,
  };
  const said = body?.message ?? explanationOf(answer);
  const unknown = outcomeUnknown ? ' (whether it was done is unknown)' : '';
  return new SoarApiError(`${endpointOf(request)} failed with ${status}: ${said}${unknown}`, facts);
}

/**
 * 502 and 504 come from between us and the platform, and say nothing of what it did. 429 and 503 refuse before
 * anything is done. A 500 in the platform's own words was rolled back; in anybody else's it may not have been.
 */
function mayHaveBeenDone(status: number, inPlatformsWords: boolean): boolean {
  if (status === 502 || status === 504 || status === 408) return true;
  return status >= 500 && status !== 503 && !inPlatformsWords;
}

interface PlatformBody {
  readonly message: string;
  readonly hints: readonly string[];
}

/** `{"success":false,"title":null,"message":"...","hints":[],"error_code":"generic"}` */
function platformBody(text: string): PlatformBody | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null) return undefined;
  const { message, title, hints } = body as { message?: unknown; title?: unknown; hints?: unknown };
  const words = [message, title].find((part) => typeof part === 'string' && part !== '') as string | undefined;
  if (words === undefined) return undefined;
  return {
    message: words.length > 1000 ? `${words.slice(0, 1000)}...` : words,
    hints: Array.isArray(hints) ? hints.map((hint) => (typeof hint === 'string' ? hint : JSON.stringify(hint))) : [],
  };
}

function explanationOf({ status, headers }: Answer): string {
  if (status >= 300 && status < 400) return 'the server sends us elsewhere; check `host`, `port` and `resourcePrefix`';
  const kind = headers['content-type']?.split(';')[0];
  return kind === undefined ? 'no explanation' : `no explanation (a body of type ${kind})`;
}

async function firstPart(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.length > MAX_BODY_CHARS) break;
    }
  } catch {
    // The status is known; the words are a bonus.
  }
  return text;
}
