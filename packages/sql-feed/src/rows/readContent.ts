import { PermanentError } from '@soar-feed/core';
import type { ContentHandle } from '@soar-feed/core';

/** The bytes of a file. Throws `PermanentError` if there are more than `max`, and what the stream throws. */
export async function readContent(content: ContentHandle, max: number, signal: AbortSignal): Promise<Buffer> {
  if (content.size !== undefined && content.size > max) throw tooLarge(max);
  const stream = await content.open({ signal });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      size += chunk.length;
      if (size > max) throw tooLarge(max);
      chunks.push(chunk);
    }
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(max: number): PermanentError {
  return new PermanentError(`The file is larger than max_content (${max} bytes).`, { code: 'content-too-large' });
}
