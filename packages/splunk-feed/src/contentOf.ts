import { PermanentError } from '@soar-feed/core';
import type { ContentHandle } from '@soar-feed/core';

/** The bytes as base64. Throws `PermanentError` above `maxBytes`, before the download if the source reports the size. */
export async function contentOf(content: ContentHandle, maxBytes: number, signal: AbortSignal): Promise<string> {
  if (content.size !== undefined && content.size > maxBytes) throw tooLarge(content.name, maxBytes);
  const pieces: Buffer[] = [];
  let total = 0;
  const stream = await content.open({ signal });
  for await (const piece of stream as AsyncIterable<Buffer>) {
    total += piece.length;
    if (total > maxBytes) throw tooLarge(content.name, maxBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('base64');
}

function tooLarge(name: string, maxBytes: number): PermanentError {
  const message = `The content of ${JSON.stringify(name)} is larger than max_content (${maxBytes} bytes); raise it and retry.`;
  return new PermanentError(message, { code: 'content-too-large' });
}
