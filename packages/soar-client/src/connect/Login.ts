/** What authenticates each request. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
}

export interface Login {
  /** Whether an expired session can be opened again. */
  readonly canRenew: boolean;
  /** Logs in first if that has not happened yet. */
  credentials(signal?: AbortSignal): Promise<Credentials>;
  /** New credentials after the server refused `stale`; many callers share one login. */
  renew(stale: Credentials, signal?: AbortSignal): Promise<Credentials>;
}
