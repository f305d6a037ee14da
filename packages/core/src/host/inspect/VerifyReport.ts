import type { ParkState } from '../../contract/FeedStore.js';
import type { Comparison } from '../../contract/TargetInsight.js';
import type { SourceFault } from '../../intake/reload/ReloadReport.js';

/** An object that is not at a feed's destination as it should be. */
export interface Drift extends Pick<Comparison, 'key' | 'ref' | 'reason' | 'fields'> {
  readonly feed: string;
  /** `parked`: the feed knows, and its row says why. */
  readonly cause: 'differs' | 'missing' | 'extra' | 'parked';
  /** Of a parked row. */
  readonly parked?: { readonly state: ParkState; readonly code?: string };
}

/** What was found at one feed, in objects. */
export interface FeedTally {
  equal: number;
  differs: number;
  missing: number;
  extra: number;
  parked: number;
  leftOut: number;
  /** How many were left out for which reason; the most of them, if there are many reasons. */
  readonly reasons: Record<string, number>;
}

export interface VerifyReport {
  /** Whether the whole range was compared. */
  readonly complete: boolean;
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  readonly incidents: number;
  /** Objects of the source that were compared. */
  readonly objects: number;
  /** Objects that were looked at a second time, because they differed at first. */
  readonly lookedAgain: number;
  readonly feeds: Readonly<Record<string, FeedTally>>;
  readonly drift: readonly Drift[];
  /** Drift beyond what `drift` keeps. */
  readonly driftNotListed: number;
  readonly faults: readonly SourceFault[];
}

/** Entries kept in a report, so that a wholly wrong replica does not fill the memory. */
const KEPT = { drift: 20_000, faults: 200, reasons: 30 };

/** Counts what a verification finds; can go on from an earlier report. */
export class VerifyTally {
  incidents: number;
  objects: number;
  lookedAgain: number;
  private readonly feeds: Record<string, FeedTally>;
  private readonly drift: Drift[];
  private readonly faults: SourceFault[];
  private driftNotListed: number;

  constructor(
    private readonly startedAtMs: number,
    before?: VerifyReport,
  ) {
    this.incidents = before?.incidents ?? 0;
    this.objects = before?.objects ?? 0;
    this.lookedAgain = before?.lookedAgain ?? 0;
    this.feeds = structuredClone(before?.feeds ?? {});
    this.drift = [...(before?.drift ?? [])];
    this.faults = [...(before?.faults ?? [])];
    this.driftNotListed = before?.driftNotListed ?? 0;
  }

  of(feed: string): FeedTally {
    return (this.feeds[feed] ??= {
      ...{ equal: 0, differs: 0, missing: 0, extra: 0, parked: 0, leftOut: 0 },
      reasons: {},
    });
  }

  leftOut(feed: string, reason = 'left out', count = 1): void {
    const tally = this.of(feed);
    tally.leftOut += count;
    const known = Object.hasOwn(tally.reasons, reason) || Object.keys(tally.reasons).length < KEPT.reasons;
    const name = known ? reason : 'other reasons';
    tally.reasons[name] = (Object.hasOwn(tally.reasons, name) ? (tally.reasons[name] ?? 0) : 0) + count;
  }

  drifted(drift: Drift): void {
    this.of(drift.feed)[drift.cause] += 1;
    if (this.drift.length < KEPT.drift) this.drift.push(drift);
    else this.driftNotListed += 1;
  }

  /** Adds what was found elsewhere. */
  add(other: VerifyReport): void {
    this.incidents += other.incidents;
    this.objects += other.objects;
    this.lookedAgain += other.lookedAgain;
    for (const [feed, { equal, reasons }] of Object.entries(other.feeds)) {
      this.of(feed).equal += equal;
      for (const [reason, count] of Object.entries(reasons)) this.leftOut(feed, reason, count);
    }
    for (const one of other.drift) this.drifted(one);
    this.driftNotListed += other.driftNotListed;
    for (const one of other.faults) this.fault(one);
  }

  fault(fault: SourceFault): void {
    if (this.faults.length < KEPT.faults) this.faults.push(fault);
  }

  report(finishedAtMs: number | undefined): VerifyReport {
    const { startedAtMs, incidents, objects, lookedAgain, feeds, drift, faults, driftNotListed } = this;
    return structuredClone({
      complete: finishedAtMs !== undefined,
      startedAtMs,
      ...(finishedAtMs === undefined ? {} : { finishedAtMs }),
      ...{ incidents, objects, lookedAgain, feeds, drift, driftNotListed, faults },
    });
  }
}
