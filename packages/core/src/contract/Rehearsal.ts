/** One field that a request sets. */
export interface PlannedField {
  /** As the destination names it; with its section in front, if it has one: `properties.cost`. */
  readonly name: string;
  readonly value: unknown;
  /** What stands there now; absent if it is not known, or the object is new. */
  readonly before?: unknown;
}

/**
 * A request that would change something at the destination. Ids that the destination has not given yet are written
 * `@1`, `@2` and so on, in the order in which the objects would be made.
 */
export interface PlannedRequest {
  readonly method: string;
  /** Without host and query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  /** As it would be sent; of a form, its parts besides the file. */
  readonly body?: unknown;
  readonly file?: { readonly name: string; readonly contentType?: string; readonly size?: number };
  /** The id of the object that it makes. */
  readonly makes?: string;
  /** The fields that it sets, in the order in which they are sent. */
  readonly fields: readonly PlannedField[];
  /** For people: what the destination may make of it. */
  readonly remark?: string;
}

/** A rehearsal of some incidents: everything happens as in a run, except that nothing is written. */
export interface Rehearsal {
  /** Whether this incident of the source is among them. */
  includes(incidentId: number): boolean;
  /** Called for each request instead of sending it, while the object that it belongs to is being delivered. */
  record(request: PlannedRequest): void;
}
