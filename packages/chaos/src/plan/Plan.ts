import type { Behaviour, FaultOptions } from '@soar-feed/soar-simulator';

/** Everything one run does, drawn from its seed before it starts: equal seeds make equal plans. */
export interface Plan {
  readonly seed: number;
  readonly behaviour: Partial<Behaviour>;
  readonly site: SitePlan;
  readonly incidents: number;
  /** `loaded`: they stood before the feed came, and every start loads them. `queued`: their messages wait in the queue. */
  readonly seeding: 'loaded' | 'queued';
  readonly operations: number;
  readonly perSecond: number;
  /** What the clock of each organization's server is ahead of ours from the start, ms. */
  readonly clocks: Readonly<Record<Side, number>>;
  /** By `at`, the number of the operation after which they strike. */
  readonly disturbances: readonly Disturbance[];
}

/** What the config file says besides where the two organizations are. */
export interface SitePlan {
  readonly fileFeed: boolean;
  readonly sourceLogin: Login;
  readonly targetLogin: Login;
  /** Fill the reference fields of the target, by which a lost incident is found. */
  readonly references: boolean;
  readonly reload: boolean;
  /** Reload by each incident's own requests, which also finds deleted objects; else by search. */
  readonly queryMethod: boolean;
  readonly requestMaxRetries: number;
  readonly prefetch: number;
  readonly concurrency: number;
  readonly spillAfterMs: number;
  /** Opens the host's port for monitoring. */
  readonly statusPort?: number;
}

export type Login = 'api-key' | 'email';

export type Side = 'source' | 'target';

export type Disturbance = { readonly at: number } & Trouble;

export type Trouble =
  /** Requests that match are struck until operation `until`. */
  | { readonly kind: 'fault'; readonly until: number; readonly side: Side; readonly fault: FaultOptions }
  /** kill -9, and a new process `downMs` later. */
  | { readonly kind: 'kill'; readonly downMs: number }
  /** kill -9 while the target works on such a request: it takes effect, and nobody hears of it. */
  | { readonly kind: 'kill-at-request'; readonly method: string; readonly downMs: number }
  /** kill -9 right after the broker saw so many more acknowledgements. */
  | { readonly kind: 'kill-at-ack'; readonly acks: number; readonly downMs: number }
  /** SIGTERM, and a new process when that one has ended. */
  | { readonly kind: 'restart'; readonly downMs: number }
  | { readonly kind: 'broker-restart'; readonly downMs: number }
  | { readonly kind: 'drop-connections' }
  | { readonly kind: 'expire-sessions' }
  /** The broker delivers the next messages twice. */
  | { readonly kind: 'duplicate'; readonly count: number }
  /** The next new incidents and tasks come after what hangs under them. */
  | { readonly kind: 'late-parents'; readonly count: number; readonly forMs: number }
  /** Another process holds the write lock of a database. */
  | { readonly kind: 'lock'; readonly store: 'state' | 'mapping'; readonly forMs: number }
  /** A server's clock is set. */
  | { readonly kind: 'clock'; readonly side: Side; readonly offsetMs: number }
  /** The source's database is backed up. */
  | { readonly kind: 'back-up' }
  /** The last backup is put back. Nothing tells of it; as the docs prescribe, a reload of everything follows at the end. */
  | { readonly kind: 'restore'; readonly ids: 'given-again' | 'continued' }
  /** Notes of one incident are written, answered three levels deep, edited and deleted. */
  | { readonly kind: 'threads'; readonly seed: number; readonly steps: number }
  /** Numbers that a double cannot hold. */
  | { readonly kind: 'large-integers'; readonly count: number }
  /** An attachment that the target refuses for good. */
  | { readonly kind: 'poison' };
