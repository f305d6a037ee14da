import type { Life } from './lives.js';

/** Work for the database's threads. */
export interface DiskWork {
  readonly life: Life | undefined;
  /** Starts it; `done` hands over its result. */
  start(done: (handOver: () => void) => void): void;
}

/**
 * What goes to the database's threads, one piece at a time and only while nothing else moves: their speed then decides nothing,
 * and the same seed gives the same trace.
 */
export class DiskQueue {
  private readonly waiting: DiskWork[] = [];
  private outside = 0;
  private wake: () => void = () => undefined;

  add(work: DiskWork): void {
    this.waiting.push(work);
  }

  /** Something is under way that cannot be put off; the returned function ends it. */
  begin(): () => void {
    this.outside += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.outside -= 1;
      this.wake();
    };
  }

  get isIdle(): boolean {
    return this.waiting.length === 0 && this.outside === 0;
  }

  /** Does the next piece, or waits for what is under way. */
  async step(): Promise<void> {
    if (this.outside > 0) {
      await new Promise<void>((resolve) => (this.wake = resolve));
      return;
    }
    const work = this.waiting.shift();
    if (work === undefined || work.life?.dead === true) return;
    await new Promise<void>((resolve) =>
      work.start((handOver) => {
        handOver();
        resolve();
      }),
    );
  }
}
