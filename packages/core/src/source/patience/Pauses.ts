import type { Clock } from '../../contract/Clock.js';
import type { Logger } from '../../contract/Logger.js';
import { backoffMs } from '../../trouble/backoff.js';
import { classify } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';
import { askedPauseMs } from './policy.js';
import type { PausePolicy } from './policy.js';

export interface PauseServices {
  readonly clock: Clock;
  readonly log: Logger;
  /** The longest pause that the source may ask for, ms. */
  readonly maxAskedMs?: number;
}

/**
 * What the source does not give now and what cannot wait in place: it is left alone for a while, longer each time. Nobody is
 * charged for it. The log hears of each name once, then only at `debug`.
 */
export class Pauses<Name> {
  private readonly pausing = new Map<Name, { readonly times: number; readonly untilMs: number }>();

  constructor(
    private readonly policy: PausePolicy,
    private readonly services: PauseServices,
  ) {}

  has(name: Name): boolean {
    return (this.pausing.get(name)?.untilMs ?? -Infinity) > this.services.clock.steadyMs();
  }

  names(): readonly Name[] {
    return [...this.pausing.keys()].filter((name) => this.has(name));
  }

  /** Leaves it alone because of this error; gives for how long, ms. */
  begin(name: Name, error: unknown, facts: Readonly<Record<string, unknown>>): number {
    const { line, event } = this.policy;
    const { times, restMs } = this.pause(name, Math.min(askedPauseMs(error), this.services.maxAskedMs ?? Infinity));
    const more = { ...facts, ...(event === undefined ? {} : { event }), code: classify(error).code, times };
    this.services.log[times === 1 ? 'warn' : 'debug'](line(messageOf(error)), more);
    return restMs;
  }

  /** Leaves it alone although it went well. */
  rest(name: Name): void {
    this.pause(name, 0);
  }

  end(name: Name): void {
    this.pausing.delete(name);
  }

  private pause(name: Name, askedMs: number): { readonly times: number; readonly restMs: number } {
    const { backoff } = this.policy;
    const now = this.services.clock.steadyMs();
    // What is not asked for again within this time begins anew.
    const forgottenAfterMs = 2 * backoff.capMs;
    for (const [old, { untilMs }] of this.pausing) if (now > untilMs + forgottenAfterMs) this.pausing.delete(old);
    const times = (this.pausing.get(name)?.times ?? 0) + 1;
    const restMs = backoffMs(times, Math.max(askedMs, backoff.firstMs), backoff);
    this.pausing.set(name, { times, untilMs: now + restMs });
    return { times, restMs };
  }
}
