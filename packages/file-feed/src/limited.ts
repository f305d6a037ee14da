import { PermanentError } from '@soar-feed/core';
import type { ContentHandle } from '@soar-feed/core';

/**
 * The bytes, piece by piece, so that memory never holds a whole attachment. Throws `PermanentError` above `maxBytes`,
 * before the download if the source reports the size.
 */
export async function* limited(content: ContentHandle, maxBytes: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (content.size !== undefined && content.size > maxBytes) throw tooLarge(content.name, maxBytes);
  let total = 0;
  const stream = await content.open({ signal });
  for await (const piece of stream as AsyncIterable<Buffer>) {
    total += piece.length;
    if (total > maxBytes) throw tooLarge(content.name, maxBytes);
    yield piece;
  }
}

function tooLarge(name: string, maxBytes: number): PermanentError {
  const message = `The content of ${JSON.stringify(name)} is larger than max_content (${maxBytes} bytes); raise it and retry.`;
  return new PermanentError(message, { code: 'content-too-large' });
}
