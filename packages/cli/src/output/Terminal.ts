/** The part of a stream that is needed here: `process.stdout` and `process.stderr` have it. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\x1b[K';

/**
 * A stream whose last line can be rewritten in place; everything else is written above it. Only a real terminal gets
 * that line; a file or pipe gets no carriage return.
 */
export class Terminal {
  private shown = '';

  constructor(private readonly stream: TextStream) {}

  /** Whether a person reads it. */
  get isInteractive(): boolean {
    return this.stream.isTTY === true;
  }

  /** `text` ends with a line break. */
  write(text: string): void {
    if (this.shown === '') this.stream.write(text);
    else this.stream.write(CLEAR_LINE + text + this.shown);
  }

  writeLine(text: string): void {
    this.write(`${text}\n`);
  }

  /** Replaces the last line; an empty text removes it. */
  status(text: string): void {
    if (!this.isInteractive || text === this.shown) return;
    // A line that wraps could not be rewritten.
    this.shown = text.slice(0, Math.max(0, (this.stream.columns ?? 80) - 1));
    this.stream.write(CLEAR_LINE + this.shown);
  }
}
