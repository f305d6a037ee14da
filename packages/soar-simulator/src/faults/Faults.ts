/** What to do to requests that match. Several kinds may be combined (a delay and a status, say). */
export interface FaultOptions {
  method?: string;
  /** Below the org (`/incidents/:id/tasks`, `:x` and `*` match one segment, a final `**` any rest) or a RegExp over the whole path. */
  path?: string | RegExp;
  /** Org id. */
  org?: number;
  /** Answer this status instead of handling the request. */
  status?: number;
  headers?: Record<string, string>;
  /** Body of that answer; an object is sent as JSON, a string as it is (HTML, say). Default: the platform's error body. */
  body?: unknown;
  retryAfterSeconds?: number;
  /** Something in front of the platform answers in its place, in words of its own. */
  gateway?: GatewayAnswer;
  delayMs?: number;
  /** 'before': the socket is destroyed and nothing was done. 'after': the request took effect, then the socket is destroyed. */
  reset?: 'before' | 'after';
  /** The socket is destroyed at once; the request takes effect this much later. */
  lateCommitMs?: number;
  /** The request is read, takes effect this much later and is answered then, whether its client waits so long or not. */
  commitDelayMs?: number;
  /** The request takes effect, but its answer breaks off in the middle (`content-length` says more). */
  truncate?: boolean;
  /** So long after it was added, ms of real time; default: for ever. */
  forMs?: number;
  /** How often; default: for ever. */
  times?: number;
  /** 0..1; default 1. Drawn from the simulator's own seeded random numbers. */
  probability?: number;
}

export interface GatewayAnswer {
  /** A redirect names a page of the gateway as its place. */
  status: number;
  /** `html` (default) a page; `text` a bare line, as ingress controllers answer; `json` an object that is none of the platform's. */
  page?: 'html' | 'text' | 'json';
  /** `before` (default): the request never reached the platform. `after`: it took effect there. */
  commit?: 'before' | 'after';
}

export interface Fault {
  /** Requests it struck so far. */
  readonly hits: number;
  remove(): void;
}

export interface Faults {
  add(fault: FaultOptions): Fault;
  clear(): void;
}
