import type { Lanes } from '../lanes/Lanes.js';
import type { Ending } from './Ending.js';
import type { Entry } from './Entry.js';
import type { FeedOptions } from './FeedOptions.js';
import { mostServed } from './Serving.js';

/** How much of a feed's events may be in memory at once, and who waits until there is less. */
export class Room {
  private readonly waiters: (() => void)[] = [];

  constructor(
    private readonly lanes: Lanes<Entry>,
    private readonly ending: Ending,
    private readonly options: FeedOptions,
  ) {}

  /** Whether a further event of the queue fits. */
  get isFull(): boolean {
    return this.lanes.size >= this.options.maxQueued;
  }

  /** Whether a parked row fits. */
  get fitsRow(): boolean {
    return this.hasLane && this.inMemory < this.options.maxQueued;
  }

  /** Resolves when a reload may bring another event of this incident, or `isStopping`. */
  async of(incidentId: number, isStopping: () => boolean): Promise<void> {
    const fits = (): boolean => this.fitsReload && (this.lanes.has(incidentId) || this.hasLane);
    while (!isStopping() && !fits()) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  /** Whoever waits looks again, once a reload has room. */
  look(): void {
    if (this.fitsReload) this.wake();
  }

  wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  /** More incidents than can be served, so that no slot waits for the source. */
  private get hasLane(): boolean {
    return this.lanes.lanes < mostServed(this.options) + this.options.concurrency;
  }

  /** The other half is for what the queue brings meanwhile: it need not be parked because of a reload. */
  private get fitsReload(): boolean {
    return this.inMemory < this.options.maxQueued / 2;
  }

  private get inMemory(): number {
    return this.lanes.size + this.ending.unsettled;
  }
}
