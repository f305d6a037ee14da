import { Readable } from 'node:stream';
import { surroundings } from '@soar-feed/soar-client';
import type { ContentHandle, FeedEvent } from '../contract/FeedEvent.js';

/**
 * Watches the source while a target reads the file of an event. A target may wrap an error of the source in any words, so
 * its words must not decide whose fault a failed delivery is.
 */
export class ContentWatch {
  /** For the target. */
  readonly event: FeedEvent;
  private error: unknown;
  /** When the source began to owe an answer or bytes. */
  private owesSinceMs: number | undefined;

  constructor(
    event: FeedEvent,
    /** Aborted when the delivery is given up: failures after that are nobody's fault. */
    private readonly signal: AbortSignal,
    /** Time limit of the delivery, ms. If the source gave nothing for half of it, the source is to blame. */
    timeoutMs: number,
  ) {
    const { content } = event;
    if (content !== undefined) signal.addEventListener('abort', () => this.giveUp(timeoutMs / 2), { once: true });
    this.event = content === undefined ? event : { ...event, content: this.watched(content) };
  }

  /** The source's error at the last opening, or how its bytes broke off; `undefined`: the source was fine. */
  get failure(): unknown {
    return this.error;
  }

  private watched(content: ContentHandle): ContentHandle {
    return {
      ...content,
      open: async (options) => {
        this.error = undefined;
        try {
          return this.through(await this.owed(content.open(options)));
        } catch (error) {
          this.note(error);
          throw error;
        }
      },
    };
  }

  /** The bytes as they come. If the target destroys its stream, that is not the source's fault. */
  private through(source: Readable): Readable {
    const bytes = Readable.from(this.bytesOf(source), { objectMode: false });
    bytes.once('close', () => source.destroy());
    // The reader gets the error; without a reader, it must not end the process.
    source.on('error', () => undefined);
    return bytes;
  }

  private async *bytesOf(source: Readable): AsyncGenerator<Buffer> {
    const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      const next = await this.owed(chunks.next()).catch((error: unknown) => {
        this.note(error);
        throw error;
      });
      if (next.done === true) return;
      yield next.value;
    }
  }

  private async owed<T>(answer: Promise<T>): Promise<T> {
    this.owesSinceMs = surroundings().steadyMs();
    try {
      return await answer;
    } finally {
      this.owesSinceMs = undefined;
    }
  }

  private giveUp(patienceMs: number): void {
    if (this.owesSinceMs === undefined || surroundings().steadyMs() - this.owesSinceMs < patienceMs) return;
    this.error ??= new Error(`no bytes for ${Math.round(surroundings().steadyMs() - this.owesSinceMs)} ms`);
  }

  private note(error: unknown): void {
    if (!this.signal.aborted) this.error = error ?? new Error('the source failed');
  }
}
