/** What the platform does some time after a request, by itself. */
export class LaterWork {
  private readonly timers = new Set<NodeJS.Timeout>();
  private waiting: (() => void)[] = [];

  add(work: () => void, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
      if (this.timers.size === 0) this.wake();
    }, delayMs);
    this.timers.add(timer);
  }

  /** Resolves when nothing is outstanding. */
  settled(): Promise<void> {
    return this.timers.size === 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
