/** However many look, the answer is worked out at most so often; ms. */
const AT_LEAST_MS = 1_000;
/** At most a twentieth of the time goes into working it out. */
const REST = 20;

/**
 * An answer that several ask for, kept for a second, or for twenty times as long as it took. A failure is not kept.
 * What `forget` comes across is worked out, but not kept.
 */
export class Cached<T> {
  private kept: { readonly answer: Promise<T>; untilMs: number } | undefined;

  constructor(
    private readonly work: () => Promise<T>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(): Promise<T> {
    if (this.kept !== undefined && this.now() < this.kept.untilMs) return this.kept.answer;
    const began = this.now();
    const kept = { answer: this.work(), untilMs: Infinity };
    this.kept = kept;
    kept.answer.then(
      () => {
        const now = this.now();
        kept.untilMs = now + Math.max(AT_LEAST_MS, (now - began) * REST);
      },
      () => (kept.untilMs = -Infinity),
    );
    return kept.answer;
  }

  /** Something changed: the next who asks gets a new answer. */
  forget(): void {
    this.kept = undefined;
  }
}
