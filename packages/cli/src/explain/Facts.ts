import type { Comparison, EventOutcome, ObjectKey, SettledObject, TargetRecord } from '@soar-feed/core';
import type { ListedRow } from '@soar-feed/core/runtime';

/** All that one feed knows of one object. */
export interface Facts {
  readonly feed: string;
  readonly key: ObjectKey;
  /** Which side's id was asked for. */
  readonly askedAs: 'source' | 'target';
  /** What the target remembers. */
  readonly record?: TargetRecord;
  /** What was applied last. */
  readonly settled?: SettledObject;
  /** What became of that event, or of the last one if none was applied, as long as `keep_outcomes` says. */
  readonly outcome?: EventOutcome;
  /** Its own row first, then the rows that it waits for, the nearest first. */
  readonly parked: readonly ListedRow[];
  /** The incident is to be loaded whole. */
  readonly resync?: ListedRow;
  /** When the feed's last complete reload began; ms since the epoch. */
  readonly reloadedAtMs?: number;
  /** What the servers say now, if they were asked. */
  readonly now?: Now;
}

export interface Now {
  /** Whether the source has the object. */
  readonly source: 'there' | 'gone';
  /** What the target says; absent if it was not asked. */
  readonly comparison?: Comparison;
  /** Why the incident is left out, if it is. */
  readonly incident?: Comparison;
}

/** The one answer for people and programs. */
export interface Explanation extends Facts {
  readonly verdict: string;
}
