import type { Clock } from '../contract/Clock.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { FeedOptions } from './FeedOptions.js';

/** How many deliveries of a feed may be under way at once: `concurrency`, or less while the target says so. */
export class Width {
  constructor(
    private readonly options: Pick<FeedOptions, 'concurrency' | 'isQuiet'>,
    private readonly target: Pick<FeedTarget, 'width'>,
    private readonly clock: Clock,
  ) {}

  /** At least 1. */
  get now(): number {
    const { concurrency } = this.options;
    return Math.max(1, Math.min(concurrency, this.target.width?.() ?? concurrency));
  }

  /** Reloads hold back at this time of the day. */
  get isQuiet(): boolean {
    return this.options.isQuiet?.(this.clock.now()) === true;
  }
}
