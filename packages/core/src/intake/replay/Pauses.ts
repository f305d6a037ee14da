import type { Clock } from '../../contract/Clock.js';
import { backoffMs } from '../../delivery/backoff.js';

const PAUSE = { firstMs: 1_000, capMs: 60_000 };

/** What has not been asked for again this long after its pause (ms) begins anew. */
const FORGOTTEN_AFTER_MS = 2 * PAUSE.capMs;

/** What is left alone for a while, each time longer, so that it is not asked for all the time. */
export class Pauses<Name> {
  private readonly pausing = new Map<Name, { readonly times: number; readonly untilMs: number }>();

  constructor(private readonly clock: Clock) {}

  has(name: Name): boolean {
    return (this.pausing.get(name)?.untilMs ?? 0) > this.clock.now();
  }

  names(): readonly Name[] {
    return [...this.pausing.keys()].filter((name) => this.has(name));
  }

  /** Gives how often it has begun without an end. */
  begin(name: Name, atLeastMs = 0): number {
    const now = this.clock.now();
    for (const [old, { untilMs }] of this.pausing) if (now > untilMs + FORGOTTEN_AFTER_MS) this.pausing.delete(old);
    const times = (this.pausing.get(name)?.times ?? 0) + 1;
    this.pausing.set(name, { times, untilMs: now + backoffMs(times, Math.max(atLeastMs, PAUSE.firstMs), PAUSE) });
    return times;
  }

  end(name: Name): void {
    this.pausing.delete(name);
  }
}
