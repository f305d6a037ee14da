import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { Settled } from '../../delivery/Entry.js';

/** What one feed made of a reload's objects. */
export interface FeedTally {
  created: number;
  updated: number;
  deleted: number;
  unchanged: number;
  skipped: number;
  superseded: number;
  parked: number;
  failed: number;
}

/** A part of the source that could not be read. */
export interface SourceFault {
  readonly incidentId?: number;
  readonly message: string;
}

export interface ReloadReport {
  readonly incidents: number;
  /** Objects sent, incidents included. */
  readonly objects: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly feeds: Readonly<Record<string, Readonly<FeedTally>>>;
  readonly faults: readonly SourceFault[];
  readonly durationMs: number;
  /** The host stopped before the end. */
  readonly interrupted: boolean;
}

/** Counts while a reload runs. */
export class ReloadTally {
  private incidents = 0;
  private objects = 0;
  private readonly byType = new Map<string, number>();
  private readonly feeds = new Map<string, FeedTally>();
  private readonly faults: SourceFault[] = [];

  constructor(private readonly startedAtMs: number) {}

  get progress(): { readonly incidents: number; readonly objects: number } {
    return { incidents: this.incidents, objects: this.objects };
  }

  /** One object, once: a closed incident's second event is not a second object. */
  sent(event: FeedEvent, settled: readonly Settled[], countsAsObject: boolean): void {
    if (countsAsObject) {
      this.objects += 1;
      if (event.key.type === 'incident') this.incidents += 1;
      this.byType.set(event.key.type, (this.byType.get(event.key.type) ?? 0) + 1);
    }
    for (const end of settled) {
      const tally = this.tallyOf(end.feed);
      if (end.outcome === 'delivered') {
        // The closing of an incident that this reload made is part of its making.
        if (countsAsObject) tally[end.change ?? 'unchanged'] += 1;
      } else if (countsAsObject || end.failed) {
        tally[end.failed ? 'failed' : end.outcome] += 1;
      }
    }
  }

  fault(fault: SourceFault): void {
    this.faults.push(fault);
  }

  report(nowMs: number, interrupted: boolean): ReloadReport {
    return {
      incidents: this.incidents,
      objects: this.objects,
      byType: Object.fromEntries(this.byType),
      feeds: Object.fromEntries(this.feeds),
      faults: this.faults,
      durationMs: nowMs - this.startedAtMs,
      interrupted,
    };
  }

  private tallyOf(feed: string): FeedTally {
    let tally = this.feeds.get(feed);
    if (tally === undefined) {
      tally = { created: 0, updated: 0, deleted: 0, unchanged: 0, skipped: 0, superseded: 0, parked: 0, failed: 0 };
      this.feeds.set(feed, tally);
    }
    return tally;
  }
}
