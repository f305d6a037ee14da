export interface FeedOptions {
  /** The most lanes served at once; the target's `width` may be less. */
  readonly concurrency: number;
  /** The target is to find out how much of that its destination bears. */
  readonly adaptive?: boolean;
  /** Whether reloads are to hold back at this time (ms, host clock); default: never. */
  readonly isQuiet?: (nowMs: number) => boolean;
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
