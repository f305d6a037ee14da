import type { SimOrg } from '@soar-feed/soar-simulator';

/** How long the platform waits for the answer to each message it queued. */
export class LatencyWatch {
  private readonly known = new Set<string>();
  private readonly waiting = new Set<string>();
  private readonly times: number[] = [];

  constructor(private readonly org: SimOrg) {
    for (const { correlationId } of org.invocations()) this.known.add(correlationId);
  }

  get count(): number {
    return this.known.size;
  }

  /** Adds the messages queued since the last look; call it right after each change. */
  look(): void {
    const since = performance.now();
    for (const { correlationId, done } of this.org.invocations()) {
      if (this.known.has(correlationId)) continue;
      this.known.add(correlationId);
      this.waiting.add(correlationId);
      void done.then(() => {
        this.waiting.delete(correlationId);
        this.times.push(performance.now() - since);
      });
    }
  }

  async allAnswered(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (this.waiting.size > 0) {
      if (performance.now() > deadline)
        throw new Error(`${this.waiting.size} messages were not answered within ${withinMs / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** ms, rounded. */
  percentile(percent: number): number {
    const sorted = [...this.times].sort((a, b) => a - b);
    const at = Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1);
    return Math.round(sorted[Math.max(0, at)] ?? 0);
  }
}
