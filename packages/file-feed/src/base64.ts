import { PermanentError } from '@soar-feed/core';
import type { ContentHandle } from '@soar-feed/core';

/**
 * The bytes as base64 text, piece by piece, so that memory never holds a whole attachment. Throws `PermanentError`
 * above `maxBytes`, before the download if the source reports the size.
 */
export async function* base64(content: ContentHandle, maxBytes: number, signal: AbortSignal): AsyncGenerator<string> {
  if (content.size !== undefined && content.size > maxBytes) throw tooLarge(content.name, maxBytes);
  let total = 0;
  // Three bytes make four characters: the remainder waits for the next piece.
  let rest: Buffer = Buffer.alloc(0);
  const stream = await content.open({ signal });
  for await (const piece of stream as AsyncIterable<Buffer>) {
    total += piece.length;
    if (total > maxBytes) throw tooLarge(content.name, maxBytes);
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    yield bytes.toString('base64', 0, whole);
  }
  yield rest.toString('base64');
}

function tooLarge(name: string, maxBytes: number): PermanentError {
  const message = `The content of ${JSON.stringify(name)} is larger than max_content (${maxBytes} bytes); raise it and retry.`;
  return new PermanentError(message, { code: 'content-too-large' });
}
