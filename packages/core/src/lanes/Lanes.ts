import { Turns } from '@soar-feed/soar-client';
import { Lane } from './Lane.js';

/** A lane taken for work, with the run that may travel together. */
export interface LaneRun<Entry> {
  readonly lane: Lane<Entry>;
  readonly entries: readonly Entry[];
}

/**
 * One lane per incident: order within a lane, concurrency across lanes. Lanes are served in the order in which they became
 * ready, so a busy incident cannot starve the others; a lane whose entries all yield lets the others go first, most of the time.
 */
export class Lanes<Entry> {
  private readonly byIncident = new Map<number, Lane<Entry>>();
  /** Insertion order is the order of service. */
  private readonly ready = new Set<Lane<Entry>>();
  private readonly readyToYield = new Set<Lane<Entry>>();
  private readonly turns = new Turns();
  private count = 0;

  /** `yields`: whether an entry lets others go first; always the same for one entry. */
  constructor(private readonly yields: (entry: Entry) => boolean = () => false) {}

  /** Entries in all lanes, those under way included. */
  get size(): number {
    return this.count;
  }

  /** Incidents that have entries. */
  get lanes(): number {
    return this.byIncident.size;
  }

  /** Incidents all of whose entries let others go first. */
  get yieldingLanes(): number {
    let count = 0;
    for (const lane of this.byIncident.values()) if (lane.isYielding) count += 1;
    return count;
  }

  push(incidentId: number, entry: Entry): void {
    let lane = this.byIncident.get(incidentId);
    if (lane === undefined) {
      lane = new Lane(incidentId, this.yields);
      this.byIncident.set(incidentId, lane);
    }
    lane.push(entry);
    this.count += 1;
    this.refresh(lane);
  }

  /** The next lane that has work and nothing under way. */
  take(most: number): LaneRun<Entry> | undefined {
    const lines = [this.ready, this.readyToYield];
    if (this.turns.isTheirs) lines.reverse();
    for (const line of lines) {
      for (const lane of line) {
        line.delete(lane);
        this.turns.took();
        return { lane, entries: lane.start(most) };
      }
    }
    return undefined;
  }

  remove(incidentId: number, entry: Entry): void {
    const lane = this.byIncident.get(incidentId);
    if (lane === undefined) return;
    const before = lane.length;
    lane.remove(entry);
    this.count -= before - lane.length;
    this.refresh(lane);
    this.forgetIdle(lane);
  }

  finish(lane: Lane<Entry>): void {
    lane.finish();
    this.refresh(lane);
    this.forgetIdle(lane);
  }

  has(incidentId: number): boolean {
    return this.byIncident.has(incidentId);
  }

  /** The entries of one incident, in order. */
  entriesOf(incidentId: number): readonly Entry[] {
    return [...(this.byIncident.get(incidentId)?.all() ?? [])];
  }

  /** Whether this entry has not ended, and no run has taken it. */
  isWaiting(incidentId: number, entry: Entry): boolean {
    return this.byIncident.get(incidentId)?.waiting().includes(entry) === true;
  }

  *entries(): IterableIterator<Entry> {
    for (const lane of this.byIncident.values()) yield* lane.all();
  }

  /** Every entry that no run has taken. */
  *waiting(): IterableIterator<Entry> {
    for (const lane of this.byIncident.values()) yield* lane.waiting();
  }

  private refresh(lane: Lane<Entry>): void {
    if (!lane.ready) return;
    const [line, other] = lane.isYielding ? [this.readyToYield, this.ready] : [this.ready, this.readyToYield];
    other.delete(lane);
    line.add(lane);
  }

  private forgetIdle(lane: Lane<Entry>): void {
    if (!lane.idle) return;
    this.ready.delete(lane);
    this.readyToYield.delete(lane);
    this.byIncident.delete(lane.incidentId);
  }
}
