export interface FeedOptions {
  /** Lanes served at once. */
  readonly concurrency: number;
  readonly maxAttempts: number;
  readonly deliverTimeoutMs: number;
  /** Longest pause that the target may ask for (Retry-After), ms; default 5 min. */
  readonly maxPauseMs?: number;
  /** Age of an undelivered event beyond which it is parked, so that this feed holds up nobody else. */
  readonly spillAfterMs: number;
  /** Events in memory beyond which further ones are parked at once. */
  readonly maxQueued: number;
  /** Gets the incidents of certain workspaces only; they can be moved in. */
  readonly routed?: boolean;
}
