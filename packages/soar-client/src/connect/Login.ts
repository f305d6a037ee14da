/** What proves on each request who we are. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
}

export interface Login {
  /** A session that ended can be opened again. */
  readonly canRenew: boolean;
  /** Logs in first where that has not happened yet. */
  credentials(signal?: AbortSignal): Promise<Credentials>;
  /** New credentials after the server refused `stale`; many callers share one login. */
  renew(stale: Credentials, signal?: AbortSignal): Promise<Credentials>;
}
