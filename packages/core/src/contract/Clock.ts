/** Time, so that tests need not wait for it. */
export interface Clock {
  /** ms since the epoch. Somebody may set this clock: take `steadyMs` for durations. */
  now(): number;
  /** ms since any moment, of a clock that nobody sets. */
  steadyMs(): number;
  /**
   * Resolves after `ms`, even if that is longer than one timer of Node can wait, or rejects with the signal's reason.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
