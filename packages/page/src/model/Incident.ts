import type { ObjectKey } from '@soar-feed/core';

/** What was typed into the question, as it was typed. */
export interface IncidentQuery {
  readonly type: string;
  readonly id?: string;
  readonly side?: 'source' | 'target';
  readonly feed?: string;
}

/** What became of an object, as a mark that can be seen at a glance. */
export type Fate = 'delivered' | 'left-out' | 'on-its-way' | 'stuck' | 'deleted' | 'unknown';

/** The answer of one feed about one object. */
export interface Answer {
  readonly feed: string;
  readonly key: ObjectKey;
  readonly fate: Fate;
  /** One sentence. */
  readonly verdict: string;
  /** What the sentence rests on, as name and value. */
  readonly grounds: readonly (readonly [string, string])[];
}

/** One object of an incident at one feed. */
export interface Step {
  readonly feed: string;
  readonly key: ObjectKey;
  readonly fate: Fate;
  /** When it last settled, was written or parked; ms since the epoch. */
  readonly atMs?: number;
  readonly text: string;
  /** What brought it: the queue, a reload; absent if that is not known. */
  readonly origin?: string;
}

export interface Incident {
  readonly query: IncidentQuery;
  readonly feeds: readonly string[];
  /** Absent: nothing was asked. */
  readonly answers?: readonly Answer[];
  /** Its incident, whose objects `steps` lists, the latest first. */
  readonly incidentId?: number;
  readonly steps: readonly Step[];
  /** There are more than are shown. */
  readonly moreSteps: boolean;
  /** As the source has it now, if it was asked. */
  readonly title?: string;
  /** Both servers were asked. */
  readonly asked: boolean;
  readonly problem?: string;
}
