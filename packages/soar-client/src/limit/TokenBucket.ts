/** Requests that may come at once after a pause, as a share of a second's. */
const BURST = 1 / 20;

/** Evenly spaced requests: at most so many per second. */
export class TokenBucket {
  private tokens: number;
  private atMs: number;

  constructor(
    private readonly perSecond: number,
    nowMs: number,
  ) {
    this.tokens = this.most;
    this.atMs = nowMs;
  }

  /** Takes one if there is one. */
  take(nowMs: number): boolean {
    this.fill(nowMs);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** ms until there is one. */
  waitMs(nowMs: number): number {
    this.fill(nowMs);
    return this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) * 1000) / this.perSecond);
  }

  private get most(): number {
    return Math.max(1, this.perSecond * BURST);
  }

  private fill(nowMs: number): void {
    this.tokens = Math.min(this.most, this.tokens + ((nowMs - this.atMs) * this.perSecond) / 1000);
    this.atMs = nowMs;
  }
}
