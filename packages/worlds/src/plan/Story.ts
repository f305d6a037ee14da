import type { Behaviour, FaultOptions } from '@soar-feed/soar-simulator';

export type Side = 'source' | 'target';

export type Login = 'api-key' | 'email';

/** What the config file says apart from where the organizations are. */
export interface Site {
  readonly fileFeed: boolean;
  readonly login: Login;
  readonly references: boolean;
  /** `bundle_creates`; default `true`. */
  readonly bundleCreates?: boolean;
  readonly reload: boolean;
  /** Reload with requests for each incident, which also finds deleted objects; else with searches. */
  readonly queryMethod: boolean;
  readonly requestMaxRetries: number;
  readonly prefetch: number;
  readonly concurrency: number | 'auto';
  /** `max_requests_per_second`; default: as many as the server takes. */
  readonly requestsPerSecond?: number;
  /** Reloads hold back all the time; default: never. */
  readonly quiet?: boolean;
  readonly spillAfterMs: number;
  /** Only incidents that match are fed; the others leave the target. */
  readonly filtered?: boolean;
  /** Each workspace feeds other targets. */
  readonly routed?: boolean;
  /** No incident may be closed before its required tasks, in either organization. */
  readonly closesAfterTasks?: boolean;
  /** A second host feeds the source from the target, and may know the servers by another name. */
  readonly opposite?: boolean | 'by-another-name';
}

/** One thing that happens. Each has its own seed, so that the others stay what they are when one is left out. */
export type Happening =
  /** An analyst does something. */
  | { readonly do: 'work'; readonly seed: number }
  /** Strikes matching requests to one organization. */
  | {
      readonly do: 'fault';
      readonly side: Side;
      readonly forMs: number;
      readonly fault: FaultOptions;
      /** The answer is final: nobody but a person tries again. */
      readonly refuses?: true;
    }
  /** A read that the product can do without fails. */
  | {
      readonly do: 'unread';
      readonly side: Side;
      readonly forMs: number;
      readonly reading: string;
      readonly status: number;
    }
  /**
   * kill -9 at the effect with that number, counted from here; a new process `downMs` later. `torn`: in the middle of the next
   * commit, of which a part was written.
   */
  | { readonly do: 'crash'; readonly effects: number; readonly downMs: number; readonly torn?: true }
  /** An orderly stop, and a new process `downMs` later. */
  | { readonly do: 'restart'; readonly downMs: number }
  /**
   * At the effect with that number, counted from here, the host's machine stands still for `forMs`. `successor`: meanwhile another
   * host is started on its files, once its lease has expired.
   */
  | { readonly do: 'suspend'; readonly effects: number; readonly forMs: number; readonly successor?: true }
  /** Somebody starts a second host on the files of the one that runs. */
  | { readonly do: 'second-host' }
  | { readonly do: 'broker-restart'; readonly downMs: number }
  | { readonly do: 'drop-connections' }
  | { readonly do: 'expire-sessions' }
  /** The broker delivers the next messages twice. */
  | { readonly do: 'duplicate'; readonly count: number }
  /** The next messages come again, that much later. */
  | { readonly do: 'repeat-late'; readonly count: number; readonly forMs: number }
  /** The messages of the next new incidents and tasks arrive after those of their children. */
  | { readonly do: 'late-parents'; readonly count: number; readonly forMs: number }
  /** The disk or its database refuses what a statement would change; `done`: it says so, but the commit stands. */
  | {
      readonly do: 'disk';
      readonly fault: 'SQLITE_FULL' | 'SQLITE_BUSY' | 'SQLITE_IOERR';
      readonly forMs: number;
      readonly done?: boolean;
    }
  /** Every statement takes that long. */
  | { readonly do: 'slow-disk'; readonly ms: number; readonly forMs: number }
  /** An incident begins to match the filter, or no longer does. */
  | { readonly do: 'flip'; readonly seed: number }
  /** An incident moves to another workspace. */
  | { readonly do: 'move'; readonly seed: number }
  /** A clock is set. */
  | { readonly do: 'clock'; readonly of: Side | 'host'; readonly offsetMs: number }
  | { readonly do: 'back-up' }
  /** The last backup is restored. As the docs prescribe, a full reload follows at the end. */
  | { readonly do: 'restore'; readonly ids: 'given-again' | 'continued' }
  /** Notes of one incident are written, answered three levels deep, edited and deleted. */
  | { readonly do: 'threads'; readonly seed: number; readonly steps: number }
  /** Notes and artifacts of all incidents are edited and deleted. */
  | { readonly do: 'revise'; readonly seed: number }
  /** One object is written several times. */
  | { readonly do: 'equals'; readonly seed: number; readonly count: number }
  /** Artifacts of one incident are written, with others below them, and deleted. */
  | { readonly do: 'families'; readonly seed: number; readonly steps: number }
  /** An incident gets tasks to do, is closed after them, or is opened again. */
  | { readonly do: 'close'; readonly seed: number }
  /** An incident is deleted with all that it holds. */
  | { readonly do: 'remove'; readonly seed: number }
  /** Somebody opens an incident with its first objects. */
  | { readonly do: 'open'; readonly seed: number }
  /** The mapping loses all rows of one incident, while no process runs. */
  | { readonly do: 'lose-rows'; readonly seed: number; readonly downMs: number }
  /** Numbers that a double cannot hold, and texts that attack what shows them. */
  | { readonly do: 'odd-values'; readonly seed: number }
  /** The mapping is copied; the copy is put back at `lose-mapping`, or nothing, while no process runs. */
  | { readonly do: 'copy-mapping' }
  | { readonly do: 'lose-mapping'; readonly downMs: number };

/** ms from the start of the world. */
export type Step = { readonly atMs: number } & Happening;

/** Everything that happens in one world, drawn before it begins. Equal stories make equal worlds. */
export interface Story {
  readonly seed: number;
  /** The kinds of world it was made of. */
  readonly kinds: readonly string[];
  readonly behaviour: Partial<Behaviour>;
  readonly site: Site;
  readonly clocks: Readonly<Record<Side | 'host', number>>;
  readonly incidents: number;
  /** Their objects, each: from the first to the second. Default 12 to 20. */
  readonly objects?: readonly [number, number];
  /**
   * `loaded`: the incidents existed before the feed, and every start loads them; `unseen`: nobody loads them; `queued`: their
   * messages wait.
   */
  readonly seeding: 'loaded' | 'queued' | 'unseen';
  readonly steps: readonly Step[];
}
