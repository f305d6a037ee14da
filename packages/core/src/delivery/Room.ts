import type { Lanes } from '../lanes/Lanes.js';
import type { Ending } from './Ending.js';
import type { Entry } from './Entry.js';
import type { FeedOptions } from './FeedOptions.js';
import type { Width } from './Width.js';

/** Events of a reload in memory, per lane served at once and at least. */
const RELOADED = { perLane: 32, atLeast: 500 };

/** While reloads hold back: so many incidents, with so many events. */
const QUIET = { lanes: 1, events: 32 };

/** How many events of a feed may be in memory at once, and who waits until there are fewer. */
export class Room {
  private readonly waiters: (() => void)[] = [];

  constructor(
    private readonly lanes: Lanes<Entry>,
    private readonly ending: Ending,
    private readonly options: Pick<FeedOptions, 'maxQueued'>,
    private readonly width: Width,
    /** How many lanes may be served now. */
    private readonly mostServed: () => number,
  ) {}

  /** No further queue event fits. */
  get isFull(): boolean {
    return this.lanes.size >= this.options.maxQueued;
  }

  /** Whether a parked row fits. */
  get fitsRow(): boolean {
    return this.hasLane && this.inMemory < this.options.maxQueued;
  }

  /** Resolves when a reload may bring another event of this incident, or `isStopping`. */
  async of(incidentId: number, isStopping: () => boolean): Promise<void> {
    const fits = (): boolean => this.fitsReload && (this.lanes.has(incidentId) || this.hasReloadLane);
    while (!isStopping() && !fits()) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  /** Wakes whoever waits, once there is room for a reload. */
  look(): void {
    if (this.fitsReload) this.wake();
  }

  wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  /** More lanes than can be served at once, so that no slot is idle while a row is read from the source. */
  private get hasLane(): boolean {
    return this.lanes.lanes < this.mostServed() + this.width.now;
  }

  private get hasReloadLane(): boolean {
    if (this.width.isQuiet && this.lanes.yieldingLanes >= QUIET.lanes) return false;
    return this.hasLane;
  }

  /** A reload may fill one half; the other is for the queue, so that a reload does not get its events parked. */
  private get fitsReload(): boolean {
    const { isQuiet, now } = this.width;
    const most = isQuiet ? QUIET.events : Math.max(RELOADED.atLeast, now * RELOADED.perLane);
    return this.inMemory < Math.min(this.options.maxQueued / 2, most);
  }

  private get inMemory(): number {
    return this.lanes.size + this.ending.unsettled;
  }
}
