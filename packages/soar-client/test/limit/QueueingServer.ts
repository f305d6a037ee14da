import type { AdaptiveLimit } from '../../src/limit/AdaptiveLimit.js';
import type { Begun } from '../../src/limit/LimitWindow.js';

interface UnderWay {
  readonly begun: Begun;
  readonly kind: string;
  readonly endsAtMs: number;
}

/**
 * A server in virtual time that serves so many requests at once and lets the others wait in line, and a client that always
 * has as many requests for it as the limit allows.
 */
export class QueueingServer {
  nowMs = 0;
  knee: number;
  serviceMs = 50;
  /** Other people's requests, always under way. */
  others = 0;
  /** The client has at most so many requests at a time. */
  wanted = Infinity;
  /** How long the service takes, as a factor; called once for each request. */
  spread: () => number = () => 1;
  kind: () => string = () => 'POST /a';
  /** Whether a request is refused, once it was served. */
  refuses: (begun: Begun) => boolean = () => false;
  served = 0;
  readonly limits: number[] = [];
  private underWay: UnderWay[] = [];
  private freeAtMs: number[] = [];

  constructor(
    private readonly limit: AdaptiveLimit,
    { knee }: { readonly knee: number },
  ) {
    this.knee = knee;
  }

  /** Runs until `untilMs`. */
  run(untilMs: number): void {
    while (this.nowMs < untilMs) {
      while (this.underWay.length < Math.min(this.limit.limit, this.wanted)) this.begin();
      const next = this.underWay.reduce((a, b) => (a.endsAtMs <= b.endsAtMs ? a : b));
      this.nowMs = next.endsAtMs;
      this.underWay = this.underWay.filter((one) => one !== next);
      this.end(next);
      this.limits.push(this.limit.limit);
    }
  }

  /** Starts to count anew. */
  reset(): void {
    this.served = 0;
    this.limits.length = 0;
  }

  private begin(): void {
    const begun = { atMs: this.nowMs, inFlight: this.underWay.length + 1 };
    const places = Math.max(1, this.knee - this.others);
    this.freeAtMs = this.freeAtMs.filter((atMs) => atMs > this.nowMs).sort((a, b) => a - b);
    const startsAtMs = this.freeAtMs.length < places ? this.nowMs : this.freeAtMs[this.freeAtMs.length - places]!;
    const endsAtMs = startsAtMs + this.serviceMs * this.spread();
    this.freeAtMs.push(endsAtMs);
    this.underWay.push({ begun, kind: this.kind(), endsAtMs });
  }

  private end({ begun, kind }: UnderWay): void {
    if (this.refuses(begun)) return this.limit.refused(begun, this.nowMs);
    this.served += 1;
    this.limit.answered(kind, begun, this.nowMs - begun.atMs, this.nowMs);
  }
}
