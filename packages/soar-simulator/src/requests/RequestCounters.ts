/** Counts every request that arrives, with or without a fault. */
export interface RequestCounters {
  readonly total: number;
  /** Requests that may change something: every one that is not a GET, a login, a query or a search. */
  readonly writes: number;
  /** Keyed as "POST /incidents/:id/tasks". */
  readonly byRoute: Readonly<Record<string, number>>;
  readonly byMethod: Readonly<Record<string, number>>;
  /** Keyed by org id; requests outside of any org count as 0. */
  readonly byOrg: Readonly<Record<number, number>>;
  /** The last requests, oldest first. `status` 0: no answer was sent. */
  readonly log: readonly RequestLogEntry[];
  /** The highest number of requests that were handled at the same time. */
  readonly peakConcurrency: number;
  /** Total and writes of one org. */
  org(orgId: number): {
    readonly total: number;
    readonly writes: number;
    readonly byRoute: Readonly<Record<string, number>>;
  };
  reset(): void;
}

export interface RequestLogEntry {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly org: number;
  readonly atMs: number;
}

/** A request that may change something, as the server understood it. */
export interface HeardWrite {
  readonly method: string;
  readonly path: string;
  readonly org: number;
  /** Of a form, its parts besides the file. */
  readonly body: unknown;
  readonly file?: { readonly name: string; readonly size: number };
}
