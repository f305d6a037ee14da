/** Time, so that tests need not wait for it. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /**
   * Resolves after `ms`, even if that is longer than one timer of Node can wait, or rejects with the signal's reason.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
