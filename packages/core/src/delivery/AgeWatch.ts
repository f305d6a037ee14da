import type { Clock } from '../contract/Clock.js';
import type { Logger } from '../contract/Logger.js';
import type { Lanes } from '../lanes/Lanes.js';
import type { ParkedIndex } from '../parking/ParkedIndex.js';
import type { Ending } from './Ending.js';
import type { Entry } from './Entry.js';
import type { Supervisor } from './Supervisor.js';

/**
 * Keeps one feed from setting the pace of the others (rule 6 of delivery): what has waited longer than `spill_after`
 * gets a durable row, so that its message can be acknowledged; while the feed lags, further events go there at once.
 */
export class AgeWatch {
  private lags = false;

  constructor(
    private readonly lanes: Lanes<Entry>,
    private readonly supervisor: Supervisor,
    private readonly index: ParkedIndex,
    private readonly ending: Ending,
    private readonly log: Logger,
    private readonly clock: Clock,
    private readonly spillAfterMs: number,
  ) {}

  get lagging(): boolean {
    return this.lags;
  }

  /** One look; about once a second. */
  async look(): Promise<void> {
    const now = this.clock.now();
    const away = !this.supervisor.up && this.supervisor.sinceMs > this.spillAfterMs;
    const old = [...this.lanes.entries()].filter(
      (entry) => entry.parkedRevision === undefined && now - entry.acceptedAtMs > this.spillAfterMs,
    );
    // An event that grew old without its turn tells of too few slots; one that is being tried tells only of itself.
    const waiting = new Set(this.lanes.waiting());
    const crowded = old.some((entry) => waiting.has(entry));
    await this.spill(old);
    if (away || crowded) this.startLagging();
    else if (this.lags && this.supervisor.up && this.index.count('deferred') === 0) this.caughtUp();
  }

  /** Gives each a row of its own, in order; what is under way goes on. */
  async spill(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.parkedRevision !== undefined) continue;
      const waiting = new Set(this.lanes.waiting());
      if (waiting.has(entry)) await this.ending.parked(entry, { state: 'deferred' });
      else await this.ending.freed(entry, { state: 'deferred' });
    }
  }

  private startLagging(): void {
    if (this.lags) return;
    this.lags = true;
    this.log.warn('The feed lags: further events are parked until it has caught up.', { event: 'feed.lagging' });
  }

  private caughtUp(): void {
    this.lags = false;
    this.log.info('The feed has caught up.', { event: 'feed.caught-up' });
  }
}
