import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FileInput } from './dto/common.js';

/** A file's bytes in the pieces in which they arrived; joined only when an analyst asks for them. */
export class StoredFile {
  readonly size: number;
  private hash: string | undefined;

  constructor(
    readonly name: string,
    readonly contentType: string,
    private readonly chunks: readonly Buffer[],
  ) {
    this.size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  static of(input: FileInput): StoredFile {
    return new StoredFile(input.name, input.contentType ?? 'application/octet-stream', [input.content]);
  }

  stream(): Readable {
    return Readable.from(this.chunks, { objectMode: false });
  }

  bytes(): Buffer {
    const [first] = this.chunks;
    return first && this.chunks.length === 1 ? first : Buffer.concat(this.chunks);
  }

  get sha256(): string {
    if (this.hash === undefined) {
      const hash = createHash('sha256');
      for (const chunk of this.chunks) hash.update(chunk);
      this.hash = hash.digest('hex');
    }
    return this.hash;
  }
}
