import type { FeedEvent } from './FeedEvent.js';
import type { ObjectKey } from './ObjectKey.js';

/** Which records; every property that is set must hold. */
export interface RecordFilter {
  /** The target's own word, as in `TargetRecord`. */
  readonly state?: string;
  readonly type?: string;
  /** Ids at the source. */
  readonly incidentId?: number;
  readonly objectId?: number;
  /** Names at the destination. */
  readonly ref?: string;
  readonly refIncident?: string;
}

/** One object of the source as a target remembers it. */
export interface TargetRecord {
  readonly key: ObjectKey;
  /** The target's own word for what became of it, such as `active` or `filtered`. */
  readonly state: string;
  /** The object's name at the destination, for people: an id, a path, a row. Absent: it is not there. */
  readonly ref?: string;
  /** The name of its incident there. */
  readonly refIncident?: string;
  /** When the record was last written; ms since the epoch. */
  readonly writtenAtMs?: number;
  /** What else is remembered, in short words for people. */
  readonly marks: readonly string[];
}

/** A field whose value at the destination is not the one that the target would write. */
export interface DifferentField {
  readonly name: string;
  /** Short digests of both values: a report about them holds no incident data. */
  readonly expected: string;
  readonly found: string;
}

/** What stands at the destination, compared with what the target would write there now. */
export interface Comparison {
  readonly key: ObjectKey;
  /**
   * `missing`: it should be there. `extra`: it is there, and the source does not have it. `left-out`: it is not there,
   * or not kept up to date, by design.
   */
  readonly verdict: 'equal' | 'differs' | 'missing' | 'extra' | 'left-out';
  readonly ref?: string;
  /** For people: why it is left out, or what is known of the difference. */
  readonly reason?: string;
  readonly fields?: readonly DifferentField[];
  /** Of an extra object that belongs to a task of the source. */
  readonly taskId?: number;
}

/** Objects of one incident as the source has them. */
export interface IncidentView {
  readonly incident: ObjectKey;
  /** The incident's own event comes first, if it is among them. */
  readonly events: readonly FeedEvent[];
  /** The source has no others of this incident, so whatever else stands at the destination is extra. */
  readonly whole: boolean;
}

/**
 * What a target can tell about itself. It reads only, and works on a target that is not open, also beside a host that
 * has the same target open in another process. Nothing is opened before the first question. Methods throw the errors of
 * `FeedTarget`.
 */
export interface TargetInsight {
  /** By ascending organization, incident, type and id of the source. */
  records(filter: RecordFilter): AsyncIterable<TargetRecord>;
  /**
   * Reads the destination: each object of the view at most once, and no more requests than the view has objects.
   * Answers for each event, and for each extra object.
   */
  compare(view: IncidentView, signal: AbortSignal): Promise<readonly Comparison[]>;
  /** Requests sent to the destination so far, except logging in and reading its schema. */
  readonly reads: number;
  /** Idempotent. */
  close(): Promise<void>;
}
