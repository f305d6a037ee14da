/** A global symbol, so that two installed copies of this package understand each other's errors. */
const BRAND = Symbol.for('@soar-feed/soar-client:SoarApiError');

export interface SoarApiErrorFacts {
  readonly code: string;
  readonly status?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly unavailable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly outcomeUnknown?: boolean | undefined;
  readonly hints?: readonly string[] | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** Every error between us and an organization, over REST or STOMP. Contains no secret and no query string. */
export class SoarApiError extends Error {
  readonly [BRAND] = true;
  /** Stable and kebab-case: `not-found`, `conflict`, `untrusted-certificate`, `connection-lost`, ... (see the README). */
  readonly code: string;
  /**
   * The HTTP status, only if the platform sent it in its own JSON format: it then concerns the object. The status of a
   * gateway is in `details.httpStatus` of a `not-the-platform` error.
   */
  readonly status?: number;
  /** The same call may succeed later. With `outcomeUnknown`: first find out what became of this one. */
  readonly retryable: boolean;
  /** The organization as a whole cannot be used now: network, certificate, login, or a gateway that answers for it. */
  readonly unavailable: boolean;
  /** Wait at least this long, ms; the server said so, within the connection's `maxRetryAfterMs`. */
  readonly retryAfterMs?: number;
  /** A write was sent and its answer did not arrive whole: it may or may not have been done. */
  readonly outcomeUnknown: boolean;
  /** The platform's hints, such as `field_defs` when fields are at fault. */
  readonly hints: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, facts: SoarApiErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'SoarApiError';
    this.code = facts.code;
    if (facts.status !== undefined) this.status = facts.status;
    this.retryable = facts.retryable ?? false;
    this.unavailable = facts.unavailable ?? false;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    this.outcomeUnknown = facts.outcomeUnknown ?? false;
    this.hints = facts.hints ?? [];
    this.details = facts.details ?? {};
  }

  static is(value: unknown): value is SoarApiError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
