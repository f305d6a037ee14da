import type { Clock } from '../contract/Clock.js';
import type { Logger } from '../contract/Logger.js';
import type { Lanes } from '../lanes/Lanes.js';
import type { ParkedIndex } from '../parking/ParkedIndex.js';
import type { Ending } from './Ending.js';
import type { Entry } from './Entry.js';
import type { Supervisor } from './Supervisor.js';

/**
 * Keeps a slow feed from holding up the others. An event that has waited longer than `spill_after`, or whose message is
 * needed elsewhere, gets a durable row, so that its message can be acknowledged. While the feed lags, new events are parked
 * at once.
 */
export class AgeWatch {
  private lags = false;
  /** The last row being made, by incident: an incident's rows must be made in order, since they come back in that order. */
  private readonly lines = new Map<number, Promise<void>>();

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
    const nowMs = this.clock.steadyMs();
    const away = !this.supervisor.up && this.supervisor.sinceMs > this.spillAfterMs;
    const old = [...this.lanes.entries()].filter(
      (entry) => entry.state === 'held' && nowMs - entry.acceptedSteadyMs > this.spillAfterMs,
    );
    // An event that grew old before its turn came means that there are too few slots. One that is being tried says nothing about others.
    const waiting = new Set(this.lanes.waiting());
    const crowded = old.some((entry) => waiting.has(entry));
    await this.spill(old);
    if (away || crowded) this.startLagging();
    else if (this.lags && this.supervisor.up && this.index.count('deferred') + this.lines.size === 0) this.caughtUp();
  }

  /** Whether a row of this incident is being made. Nothing may overtake it either. */
  isParking(incidentId: number): boolean {
    return this.lines.has(incidentId);
  }

  /** How many queue messages wait for this feed, and how long the oldest has waited. */
  held(): { readonly messages: number; readonly oldestMs: number } {
    const sinceMs = [...this.lanes.entries()].filter(holdsMessage).map((entry) => entry.acceptedSteadyMs);
    const oldestMs = sinceMs.length === 0 ? 0 : this.clock.steadyMs() - Math.min(...sinceMs);
    return { messages: sinceMs.length, oldestMs };
  }

  /** Releases every message that waits for this feed, and those that come until it has caught up. */
  async makeWay(): Promise<void> {
    this.startLagging();
    await this.spill([...this.lanes.entries()].filter(holdsMessage));
  }

  /** Gives each its own row, in order. Deliveries under way go on. */
  async spill(entries: readonly Entry[]): Promise<void> {
    const byIncident = new Map<number, Entry[]>();
    for (const entry of entries) {
      const { incidentId } = entry.event.key;
      const own = byIncident.get(incidentId) ?? [];
      byIncident.set(incidentId, [...own, entry]);
    }
    await Promise.all(
      [...byIncident].map(([incidentId, own]) => this.inLine(incidentId, () => this.giveRows(incidentId, own))),
    );
  }

  /** Parks an event that has just arrived, behind everything its incident still has in memory. */
  async defer(entry: Entry): Promise<void> {
    const { incidentId } = entry.event.key;
    await this.inLine(incidentId, async () => {
      await this.giveRows(incidentId, this.lanes.entriesOf(incidentId));
      await this.ending.parked(entry, { state: 'deferred' });
    });
  }

  private async giveRows(incidentId: number, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.state !== 'held') continue;
      if (this.lanes.entriesOf(incidentId).includes(entry)) await this.ending.freed(entry, { state: 'deferred' });
    }
  }

  private async inLine(incidentId: number, job: () => Promise<void>): Promise<void> {
    const turn = (this.lines.get(incidentId) ?? Promise.resolve()).then(job);
    const settled = turn.catch(() => undefined);
    this.lines.set(incidentId, settled);
    try {
      await turn;
    } finally {
      if (this.lines.get(incidentId) === settled) this.lines.delete(incidentId);
    }
  }

  private startLagging(): void {
    if (this.lags) return;
    this.lags = true;
    this.log.warn('The feed lags: new events are parked until it has caught up.', { event: 'feed.lagging' });
  }

  private caughtUp(): void {
    this.lags = false;
    this.log.info('The feed has caught up.', { event: 'feed.caught-up' });
  }
}

/** Whether a queue message waits for this event to end. */
function holdsMessage(entry: Entry): boolean {
  return entry.event.origin === 'queue' && entry.state === 'held';
}
