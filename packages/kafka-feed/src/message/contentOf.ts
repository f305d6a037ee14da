import { PermanentError } from '@soar-feed/core';
import type { ContentHandle } from '@soar-feed/core';

/** The bytes as base64. Throws `PermanentError` where they cannot fit in a message of `maxBytes`. */
export async function contentOf(content: ContentHandle, maxBytes: number, signal: AbortSignal): Promise<string> {
  const room = Math.floor((maxBytes * 3) / 4);
  if (content.size !== undefined && content.size > room) throw tooLarge(content.name, maxBytes);
  const pieces: Buffer[] = [];
  let total = 0;
  for await (const piece of (await content.open({ signal })) as AsyncIterable<Buffer>) {
    total += piece.length;
    if (total > room) throw tooLarge(content.name, maxBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('base64');
}

function tooLarge(name: string, maxBytes: number): PermanentError {
  return new PermanentError(
    `The content of ${JSON.stringify(name)} does not fit in a message of message.max.bytes (${maxBytes}) as base64; raise it here and in the topic (max.message.bytes), or set content=none.`,
    { code: 'kafka-message-too-large' },
  );
}
