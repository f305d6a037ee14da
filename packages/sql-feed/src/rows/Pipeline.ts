import { Turns } from './Turns.js';

/**
 * Batches one after the other, in the order in which they came, and in two stages: while the database writes one, the next is
 * made ready. No more than one waits ready.
 */
export class Pipeline {
  private readonly preparing = new Turns();
  private readonly writing = new Turns();

  /** If the signal comes first, the caller is let go; what has begun still keeps its turn until it ends. */
  async take<Ready, T>(
    prepare: () => Promise<Ready>,
    write: (ready: Ready) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { written } = await this.preparing.take(async () => {
      const ready = await prepare();
      const before = this.writing.idle();
      // Within the turn, so that what was ready first is written first.
      const work = this.writing.take(() => write(ready), signal);
      work.catch(() => undefined);
      await before;
      return { written: work };
    }, signal);
    return written;
  }

  /** Runs the work of a `prepare` while nothing is written. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.writing.take(work, new AbortController().signal);
  }
}
