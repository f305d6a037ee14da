import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { Settled } from '../../delivery/Settled.js';
import { troubleOf } from '../../source/patience/policy.js';

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

/** A part of the source that could not be read: one incident, or a stretch of ids (without an end: to the last). */
export interface SourceFault {
  readonly incidentId?: number;
  readonly minIncidentId?: number;
  readonly maxIncidentId?: number;
  readonly message: string;
  /** Reading again changes nothing: it is a bug of ours, or the source refuses it. */
  readonly lasting?: 'bug' | 'refused';
}

/** What an error says of the next reading, for a fault. */
export function lasting(error: unknown): Pick<SourceFault, 'lasting'> {
  const trouble = troubleOf(error);
  if (trouble === 'fault') return { lasting: 'bug' };
  return trouble === 'refused' ? { lasting: 'refused' } : {};
}

/** `The incidents 7 to 9`. */
export function spanOf({ incidentId, minIncidentId, maxIncidentId }: SourceFault): string {
  if (incidentId !== undefined) return `Incident ${incidentId}`;
  return maxIncidentId === undefined
    ? `The incidents from ${minIncidentId} on`
    : `The incidents ${minIncidentId} to ${maxIncidentId}`;
}

/** What was deleted at the source without a message, and what became of it. */
export interface DeletionReport {
  /** Objects that are gone; an incident with everything in it counts once. The search ends above `allowed`. */
  readonly gone: number;
  /** Deletes handed to the feeds. */
  readonly deleted: number;
  readonly allowed: number;
  /** More was gone than may be deleted without a person: nothing was deleted. */
  readonly refused: boolean;
}

export interface ReloadReport {
  readonly incidents: number;
  /** Objects sent, incidents included. */
  readonly objects: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly feeds: Readonly<Record<string, Readonly<FeedTally>>>;
  readonly faults: readonly SourceFault[];
  /** Absent where deletions were not looked for. */
  readonly deletions?: DeletionReport;
  /** The run continued an interrupted one above this incident id. */
  readonly continuedAbove?: number;
  /** When the run began, before whatever interrupted it; ms, host clock. */
  readonly startedAtMs: number;
  /** The same by the source's clock: no change from then on was missed. */
  readonly sourceStartedAtMs: number;
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
  private deletions: DeletionReport | undefined;

  /** `faults`: those of the run that this one continues. */
  constructor(
    private readonly beganAtMs: number,
    private readonly startedAtMs: number = beganAtMs,
    readonly faults: SourceFault[] = [],
    private readonly continuedAbove?: number,
    private readonly sourceStartedAtMs: number = startedAtMs,
  ) {}

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
        // Closing an incident that this reload created is part of its creation.
        if (countsAsObject) tally[end.change ?? 'unchanged'] += 1;
      } else if (countsAsObject || end.failed) {
        tally[end.failed ? 'failed' : end.outcome] += 1;
      }
    }
  }

  /** A delete that the reload found; it is not an object that was read. */
  removed(settled: readonly Settled[]): void {
    for (const end of settled) {
      const key = end.outcome === 'delivered' ? (end.change ?? 'unchanged') : end.failed ? 'failed' : end.outcome;
      this.tallyOf(end.feed)[key] += 1;
    }
  }

  deleted(deletions: DeletionReport): void {
    this.deletions = deletions;
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
      ...(this.deletions === undefined ? {} : { deletions: this.deletions }),
      ...(this.continuedAbove === undefined ? {} : { continuedAbove: this.continuedAbove }),
      startedAtMs: this.startedAtMs,
      sourceStartedAtMs: this.sourceStartedAtMs,
      durationMs: nowMs - this.beganAtMs,
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

/** Merges the reports of two runs of different feeds over the same source. */
export function together(a: ReloadReport, b: ReloadReport): ReloadReport {
  const deletions = a.deletions ?? b.deletions;
  return {
    incidents: Math.max(a.incidents, b.incidents),
    objects: Math.max(a.objects, b.objects),
    byType: { ...b.byType, ...a.byType },
    feeds: { ...a.feeds, ...b.feeds },
    faults: [...a.faults, ...b.faults],
    ...(deletions === undefined ? {} : { deletions }),
    startedAtMs: Math.min(a.startedAtMs, b.startedAtMs),
    sourceStartedAtMs: Math.min(a.sourceStartedAtMs, b.sourceStartedAtMs),
    durationMs: a.durationMs + b.durationMs,
    interrupted: a.interrupted || b.interrupted,
  };
}
