import { Readable } from 'node:stream';
import { decoded } from './decoded.js';
import { endpointOf } from './endpointOf.js';
import type { FileContent } from './FileContent.js';
import type { Answer } from './HttpLine.js';
import { notThePlatform } from './notThePlatform.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';

export interface FileDue {
  /** Bytes, where the file's own object says so. */
  readonly size?: number | undefined;
  /** More bytes than this are not let through. */
  readonly maxBytes: number;
}

/**
 * The answer's body as a stream that cannot end early unnoticed. A file may be a web page itself, so its type proves
 * nothing: the platform sends files with a `content-disposition`, and without one an answer must have the length that
 * the file's object tells.
 */
export function fileContentOf(request: SoarRequest, answer: Answer, due: FileDue): FileContent {
  const body = answer.stream;
  if (body === undefined) throw new TypeError('fileContentOf needs an answer that was asked for as a stream');
  const { headers } = answer;
  const encoding = headers['content-encoding'] ?? 'identity';
  // What an encoded body announces is its length on the wire.
  const announced =
    encoding === 'identity' && headers['content-length'] ? Number(headers['content-length']) : undefined;
  const source = decoded(body, encoding);
  const stranger =
    source === undefined
      ? notThePlatform(request, answer, `a body in the unknown encoding ${encoding}`)
      : strangerIn(request, answer, due, announced);
  if (source === undefined || stranger !== undefined) {
    answer.discard();
    throw stranger;
  }
  const isNamed = 'content-disposition' in headers;
  const check = { ...due, size: announced ?? (isNamed ? undefined : due.size), isNamed };
  const stream = Readable.from(whole(request, answer, source, check), { objectMode: false });
  // A generator that nobody began to read does not run its own clean-up.
  stream.once('close', () => {
    for (const end of [source, body]) end.on('error', () => undefined).destroy();
  });
  return {
    stream,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    ...(announced === undefined ? {} : { size: announced }),
  };
}

function strangerIn(
  request: SoarRequest,
  answer: Answer,
  { size, maxBytes }: FileDue,
  announced: number | undefined,
): SoarApiError | undefined {
  const { status, headers } = answer;
  if (status === 204 && size !== 0) return notThePlatform(request, answer, 'no body');
  if (announced !== undefined && announced > maxBytes) return tooLarge(request, maxBytes);
  if ('content-disposition' in headers) return undefined;
  const isPage = /^(text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '');
  if (size === undefined) return isPage ? notThePlatform(request, answer, 'a web page (HTML)') : undefined;
  if (announced === undefined || announced === size) return undefined;
  return notThePlatform(request, answer, `${announced} bytes where a file of ${size} is due`);
}

async function* whole(
  request: SoarRequest,
  answer: Answer,
  source: Readable,
  { size, maxBytes, isNamed }: FileDue & { readonly isNamed: boolean },
): AsyncGenerator<Buffer, void, undefined> {
  let count = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      count += chunk.length;
      if (count > maxBytes) throw tooLarge(request, maxBytes);
      yield chunk;
    }
  } catch (error) {
    if (SoarApiError.is(error)) throw error;
    if (request.signal?.aborted) throw broken(request, 'aborted', 'cancelled by the caller', error);
    if (isUnpacking(error)) throw broken(request, 'truncated-answer', 'its compressed body is broken', error);
    throw broken(request, 'connection-lost', `the connection was lost after ${count} bytes`, error);
  }
  if (size === undefined || count === size) return;
  throw isNamed
    ? broken(request, 'truncated-answer', `ended after ${count} of ${size} bytes`)
    : notThePlatform(request, answer, `${count} bytes where a file of ${size} is due`);
}

/** What zlib and brotli call their troubles. */
function isUnpacking(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(String(error.code))
  );
}

function tooLarge(request: SoarRequest, maxBytes: number): SoarApiError {
  return new SoarApiError(
    `${endpointOf(request)} answers with more than ${maxBytes} bytes; \`max_answer\` allows no more.`,
    { code: 'answer-too-large', details: { maxBytes } },
  );
}

function broken(request: SoarRequest, code: string, what: string, cause?: unknown): SoarApiError {
  return new SoarApiError(`${endpointOf(request)}: ${what}`, { code, retryable: true, cause });
}
