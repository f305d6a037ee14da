import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { PlannedRequest } from '../../contract/Rehearsal.js';
import type { DeletionReport, SourceFault } from '../../intake/reload/ReloadReport.js';

/** One object's turn: what would become of it, and what would be sent for it, in order. */
export interface PlannedStep {
  readonly key: ObjectKey;
  readonly operation: 'upsert' | 'delete';
  /** `handed-over`: the target gets the event, and only then decides what to write. */
  readonly outcome: 'created' | 'updated' | 'deleted' | 'unchanged' | 'skipped' | 'waiting' | 'failed' | 'handed-over';
  /** For people: why it is skipped, waits or fails. */
  readonly reason?: string;
  /** Of a failure. */
  readonly code?: string;
  readonly requests: readonly PlannedRequest[];
}

export interface PlannedIncident {
  readonly incidentId: number;
  readonly steps: readonly PlannedStep[];
}

export interface PlannedFeed {
  readonly name: string;
  /** Its `class`. */
  readonly type: string;
  /** What can be said of it: the requests, or only the events that the target gets. */
  readonly shows: 'requests' | 'events';
  readonly incidents: readonly PlannedIncident[];
}

/** What a reload of some incidents would send. */
export interface Plan {
  readonly feeds: readonly PlannedFeed[];
  /** Incidents that were asked for one by one, and that neither the source nor any feed has. */
  readonly unknown: readonly number[];
  /** What could not be read from the source. */
  readonly faults: readonly SourceFault[];
  /** Objects that are gone at the source, where that was looked for. */
  readonly deletions?: DeletionReport;
}
