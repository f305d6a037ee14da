/** One after the other, in the order of the calls. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` when all before it have ended. If the signal comes first, the caller is let go; work that has begun still
   * keeps its turn until it ends.
   */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.last;
    const turn = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.last = turn.catch(() => undefined);
    return unlessAborted(turn, signal);
  }

  /** Resolves when all work that was taken so far has ended. */
  async idle(): Promise<void> {
    await this.last;
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
      .catch(() => undefined);
  });
}
