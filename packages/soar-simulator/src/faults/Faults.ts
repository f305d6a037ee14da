/** What to do to the requests that match. You can combine several kinds (a delay and a status, for example). */
export interface FaultOptions {
  method?: string;
  /**
   * Path below the org (`/incidents/:id/tasks`; `:x` and `*` match one segment, a final `**` any rest), or a RegExp
   * over the whole path.
   */
  path?: string | RegExp;
  /** Org id. */
  org?: number;
  /** Answer this status instead of handling the request. */
  status?: number;
  headers?: Record<string, string>;
  /**
   * Body of that answer; an object is sent as JSON, a string as it is (HTML, for example). Default: the platform's
   * error body.
   */
  body?: unknown;
  retryAfterSeconds?: number;
  /** Something in front of the platform answers in its place, with its own text. */
  gateway?: GatewayAnswer;
  delayMs?: number;
  /**
   * 'before': the socket is destroyed and nothing is done. 'after': the request takes effect, then the socket is
   * destroyed.
   */
  reset?: 'before' | 'after';
  /** The socket is destroyed at once; the request takes effect this much later. */
  lateCommitMs?: number;
  /**
   * The request is read, takes effect this much later and is answered then, whether or not its client waits that long.
   */
  commitDelayMs?: number;
  /** The request takes effect, but its answer breaks off in the middle (`content-length` promises more). */
  truncate?: boolean;
  /** How long the fault stays active after it was added, ms of real time; default: for ever. */
  forMs?: number;
  /** How many requests it hits; default: no limit. */
  times?: number;
  /** 0..1; default 1. Drawn from the simulator's seeded random numbers. */
  probability?: number;
}

export interface GatewayAnswer {
  /** A redirect leads to a page of the gateway. */
  status: number;
  /**
   * `html` (default): a page. `text`: a bare line, as ingress controllers answer. `json`: an object that the platform
   * never sends.
   */
  page?: 'html' | 'text' | 'json';
  /** `before` (default): the request does not reach the platform. `after`: it takes effect there. */
  commit?: 'before' | 'after';
}

export interface Fault {
  /** How many requests it has hit so far. */
  readonly hits: number;
  remove(): void;
}

export interface Faults {
  add(fault: FaultOptions): Fault;
  clear(): void;
}
