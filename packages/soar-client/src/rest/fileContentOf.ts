import { Readable } from 'node:stream';
import { endpointOf } from './endpointOf.js';
import type { FileContent } from './FileContent.js';
import type { Answer } from './HttpLine.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';

/** The answer's body as a stream that cannot end early unnoticed. */
export function fileContentOf(request: SoarRequest, answer: Answer): FileContent {
  const source = answer.stream;
  if (source === undefined) throw new TypeError('fileContentOf needs an answer that was asked for as a stream');
  const length = answer.headers['content-length'];
  // A compressed body is unpacked on the way: its announced length is not that of what comes out.
  const size = length === undefined || 'content-encoding' in answer.headers ? undefined : Number(length);
  const stream = Readable.from(whole(request, source, size), { objectMode: false });
  // A generator that nobody began to read does not run its own clean-up.
  stream.once('close', () => source.on('error', () => undefined).destroy());
  return {
    stream,
    contentType: answer.headers['content-type'] ?? 'application/octet-stream',
    ...(size === undefined ? {} : { size }),
  };
}

async function* whole(
  request: SoarRequest,
  source: Readable,
  size: number | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let count = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      count += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (request.signal?.aborted) throw broken(request, 'aborted', 'given up by the caller', error);
    throw broken(request, 'connection-lost', `the connection was lost after ${count} bytes`, error);
  }
  if (size !== undefined && count !== size) {
    throw broken(request, 'truncated-answer', `ended after ${count} of ${size} bytes`);
  }
}

function broken(request: SoarRequest, code: string, what: string, cause?: unknown): SoarApiError {
  return new SoarApiError(`${endpointOf(request)}: ${what}`, { code, retryable: true, cause });
}
