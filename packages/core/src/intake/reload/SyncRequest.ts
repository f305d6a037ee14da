/** Which part of the source is to be loaded. */
export interface ReloadRange {
  /** Inclusive; 0 = from the first. */
  readonly minIncidentId: number;
  /** Inclusive; absent = to the last. */
  readonly maxIncidentId?: number;
  /** Type API names; empty = all types. Without `incident` only the objects of incidents are sent. */
  readonly types: readonly string[];
  /** `search`: few requests, from the search index. `query`: per incident, from the database. */
  readonly method: 'search' | 'query';
  /** Only incidents whose `inc_last_modified_date` is at or after this; ms, the source's clock. */
  readonly changedSinceMs?: number;
  /** With `changedSinceMs`: loads the objects of all other incidents, too, by search; not those incidents themselves. */
  readonly changedChildren?: true;
}

/** A request of the function "Data Feeder: Sync Incidents": the range, and the inputs that the answer repeats. */
export interface SyncRequest {
  readonly minIncidentId: number;
  readonly maxIncidentId?: number;
  readonly method: 'search' | 'query';
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The workflow that asked; absent for a playbook, whose instances no public source says how to look up. */
  readonly workflowInstanceId?: number;
}
