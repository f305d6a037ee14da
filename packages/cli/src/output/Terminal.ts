/** What of a stream is needed here: `process.stdout` and `process.stderr` are two. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\x1b[K';

/**
 * A stream whose last line may be one that is rewritten in place: whatever else is written goes above it. Only a real
 * terminal gets that line; into a file or pipe goes not a single carriage return.
 */
export class Terminal {
  private shown = '';

  constructor(private readonly stream: TextStream) {}

  /** A person looks at it. */
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

  /** Replaces the last line; the empty text takes it away. */
  status(text: string): void {
    if (!this.isInteractive || text === this.shown) return;
    // A line that wraps could not be rewritten.
    this.shown = text.slice(0, Math.max(0, (this.stream.columns ?? 80) - 1));
    this.stream.write(CLEAR_LINE + this.shown);
  }
}
