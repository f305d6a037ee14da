import type { Behaviour, FaultOptions } from '@soar-feed/soar-simulator';

/** Everything one run does, drawn from its seed before it starts: equal seeds make equal plans. */
export interface Plan {
  readonly seed: number;
  readonly behaviour: Partial<Behaviour>;
  readonly site: SitePlan;
  readonly incidents: number;
  /**
   * `loaded`: the incidents existed before the feed, and every start loads them. `queued`: their messages wait in the
   * queue.
   */
  readonly seeding: 'loaded' | 'queued';
  readonly operations: number;
  readonly perSecond: number;
  /** How far the clock of each organization's server is ahead of ours from the start, ms. */
  readonly clocks: Readonly<Record<Side, number>>;
  /** By `at`, the number of the operation after which they strike. */
  readonly disturbances: readonly Disturbance[];
}

/** What the config file says apart from where the two organizations are. */
export interface SitePlan {
  readonly fileFeed: boolean;
  /** One SQLite database beside the organization. */
  readonly sqlFeed?: boolean;
  readonly sourceLogin: Login;
  readonly targetLogin: Login;
  /** Fill the reference fields of the target, by which a lost incident is found again. */
  readonly references: boolean;
  /** `bundle_creates`; default `true`. */
  readonly bundleCreates?: boolean;
  readonly reload: boolean;
  /** Reload with requests for each incident, which also finds deleted objects; else with searches. */
  readonly queryMethod: boolean;
  readonly requestMaxRetries: number;
  readonly prefetch: number;
  readonly concurrency: number | 'auto';
  readonly spillAfterMs: number;
  /** Opens the host's port for monitoring. */
  readonly statusPort?: number;
}

export type Login = 'api-key' | 'email';

export type Side = 'source' | 'target';

export type Disturbance = { readonly at: number } & Trouble;

export type Trouble =
  /** Strikes matching requests until operation `until`. */
  | { readonly kind: 'fault'; readonly until: number; readonly side: Side; readonly fault: FaultOptions }
  /** kill -9, and a new process `downMs` later. */
  | { readonly kind: 'kill'; readonly downMs: number }
  /** kill -9 while the target works on such a request, which takes effect although its answer is lost. */
  | { readonly kind: 'kill-at-request'; readonly method: string; readonly downMs: number }
  /** kill -9 right after the broker has seen `acks` more acknowledgements. */
  | { readonly kind: 'kill-at-ack'; readonly acks: number; readonly downMs: number }
  /** SIGTERM, and a new process `downMs` after that one has ended. */
  | { readonly kind: 'restart'; readonly downMs: number }
  | { readonly kind: 'broker-restart'; readonly downMs: number }
  | { readonly kind: 'drop-connections' }
  | { readonly kind: 'expire-sessions' }
  /** The broker delivers the next messages twice. */
  | { readonly kind: 'duplicate'; readonly count: number }
  /** The messages of the next new incidents and tasks arrive after those of their children. */
  | { readonly kind: 'late-parents'; readonly count: number; readonly forMs: number }
  /** Another process holds the write lock of a database. */
  | { readonly kind: 'lock'; readonly store: 'state' | 'mapping'; readonly forMs: number }
  /** A server's clock is set. */
  | { readonly kind: 'clock'; readonly side: Side; readonly offsetMs: number }
  /** The source's database is backed up. */
  | { readonly kind: 'back-up' }
  /** The last backup is restored. No message reports that; as the docs prescribe, a full reload follows at the end. */
  | { readonly kind: 'restore'; readonly ids: 'given-again' | 'continued' }
  /** Notes of one incident are written, answered three levels deep, edited and deleted. */
  | { readonly kind: 'threads'; readonly seed: number; readonly steps: number }
  /** Numbers that a double cannot hold. */
  | { readonly kind: 'large-integers'; readonly count: number }
  /** An attachment that the target refuses for good. */
  | { readonly kind: 'poison' };
