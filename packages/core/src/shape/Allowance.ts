/** So many at once, and one more after each `everyMs`: a burst is served, a flood is not. */
export class Allowance {
  private left: number;
  private countedAtMs = -Infinity;

  constructor(
    private readonly most: number,
    private readonly everyMs: number,
  ) {
    this.left = most;
  }

  /** Whether one more may be had now. */
  take(nowMs: number): boolean {
    const more = Math.floor((nowMs - this.countedAtMs) / this.everyMs);
    if (more > 0) {
      this.left = Math.min(this.most, this.left + more);
      this.countedAtMs = nowMs;
    }
    if (this.left === 0) return false;
    this.left -= 1;
    return true;
  }
}
