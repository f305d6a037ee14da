import type { Readable } from 'node:stream';
import { FeedError, PermanentError, RetryableError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { FileInput } from '@soar-feed/soar-client';
import { sourceType } from '../../fields/emailTypes.js';
import { wellFormed } from '../../fields/wellFormed.js';
import type { WriteJob } from '../WriteJob.js';

/**
 * Streams the bytes of an attachment or file artifact from the source into the target; the whole is never in memory.
 * Distinguishes a failure of the source from one of the target.
 */
export class SourceFile {
  private failure: unknown;

  constructor(private readonly job: WriteJob) {}

  /** Throws `PermanentError` if the target would refuse the file, before a byte is downloaded. */
  static check(event: FeedEvent, maxBytes: number): void {
    if (event.content === undefined) {
      throw new PermanentError(`The content of ${nameOf(event)} did not come with its event.`, {
        code: 'content-missing',
      });
    }
    const size = sizeOf(event);
    if (size !== undefined && size > maxBytes) {
      throw new PermanentError(
        `${nameOf(event)} "${event.content.name}" has ${size} bytes; the target takes at most ${maxBytes}.`,
        { code: 'file-too-large', details: { size, maxBytes } },
      );
    }
  }

  async send<T>(upload: (file: FileInput) => Promise<T>): Promise<T> {
    const { content } = this.job.event;
    if (content === undefined) throw new TypeError('check comes first');
    const size = sizeOf(this.job.event);
    try {
      return await upload({
        name: wellFormed(content.name),
        contentType: content.contentType,
        size,
        open: () => this.open(),
      });
    } catch (error) {
      throw this.failure === undefined ? error : this.sourceError(error);
    }
  }

  private async open(): Promise<Readable> {
    const { content } = this.job.event;
    if (content === undefined) throw new TypeError('check comes first');
    this.failure = undefined;
    try {
      const stream = await content.open({ signal: this.job.signal });
      // If the upload gives up, it destroys the stream without an error.
      stream.once('error', (error) => (this.failure ??= error));
      return stream;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** If the upload may have succeeded nevertheless, its outcome stays unknown. */
  private sourceError(uploadError: unknown): unknown {
    if (SoarApiError.is(uploadError) && uploadError.outcomeUnknown) return uploadError;
    const cause = this.failure;
    // Core has its own error for it, such as `source-gone`.
    if (FeedError.is(cause)) return cause;
    const message = `Cannot read the content of ${nameOf(this.job.event)} at the source: ${cause instanceof Error ? cause.message : String(cause)}`;
    const final = SoarApiError.is(cause) && !cause.retryable && !cause.unavailable;
    return final
      ? new PermanentError(message, { code: 'content-refused', cause })
      : new RetryableError(message, { code: 'content-unreadable', cause });
  }
}

function nameOf({ key }: FeedEvent): string {
  return `${sourceType(key.type)} ${key.objectId}`;
}

function sizeOf({ content, payload }: FeedEvent): number | undefined {
  if (content?.size !== undefined) return content.size;
  const inner = payload['attachment'];
  const size =
    payload['size'] ?? (typeof inner === 'object' && inner !== null && 'size' in inner ? inner.size : undefined);
  return typeof size === 'number' ? size : undefined;
}
