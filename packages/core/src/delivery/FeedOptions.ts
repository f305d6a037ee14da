export interface FeedOptions {
  /** Lanes served at once. */
  readonly concurrency: number;
  readonly maxAttempts: number;
  readonly deliverTimeoutMs: number;
  /** Longest pause that the target may ask for (Retry-After), ms; default 5 min. */
  readonly maxPauseMs?: number;
  /** An undelivered event older than this is parked, so that this feed does not hold up others. ms. */
  readonly spillAfterMs: number;
  /** With this many events in memory, new ones are parked at once. */
  readonly maxQueued: number;
  /** The feed gets the incidents of certain workspaces only, so incidents can be moved in. */
  readonly routed?: boolean;
}
