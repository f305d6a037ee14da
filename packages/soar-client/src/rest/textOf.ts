import type { Readable } from 'node:stream';
import { surroundings } from '../surroundings.js';

/** An answer of more bytes than are allowed. */
export class AnswerTooLarge extends Error {}

/** A body as text. Rejects with AnswerTooLarge, and lets go of the body, at the first byte beyond `maxBytes`. */
export function textOf(body: Readable, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) body.destroy(new AnswerTooLarge(`more than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    body.once('end', () => {
      // undici frees the connection at the end of the turn: who asks again before opens another one.
      surroundings().atEndOfTurn(() => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    body.once('error', reject);
  });
}
