import type { FeedStore, Outcome, OutcomeTotals, ParkedCount, ParkReason } from '../../contract/FeedStore.js';
import type { FeedState } from '../../delivery/Supervisor.js';
import type { HostStatus } from './HostStatus.js';

/** One feed, for people. */
export interface FeedReport {
  readonly name: string;
  /** `stopped`: no host runs. */
  readonly state: FeedState | 'stopped';
  /** New events are parked until it has caught up. */
  readonly lagging: boolean;
  readonly problem?: string;
  /** How events ended since the state database was created; absent while the store is away. */
  readonly totals?: Readonly<Record<Outcome, number>>;
  /** Parked rows. */
  readonly parked: Readonly<Record<ParkReason['state'], number>>;
  /** Events in memory. */
  readonly queued: number;
  /** Age of the oldest event that will still be delivered by itself: under way, in line or waiting. ms. */
  readonly oldestUndeliveredMs?: number;
}

/** Everything there is to say about a host, running or not. */
export interface StatusReport {
  readonly running: boolean;
  readonly process?: { readonly pid: number; readonly startedAtMs: number };
  readonly source?: HostStatus['source'];
  /** What the start still waits for. */
  readonly waitsFor?: string;
  readonly queue?: HostStatus['queue'];
  readonly store: HostStatus['store'];
  readonly unchecked?: NonNullable<HostStatus['unchecked']>;
  readonly feeds: readonly FeedReport[];
  /** Parked messages that could not be decoded. */
  readonly raw: number;
  readonly reload?: HostStatus['reload'];
}

export interface ReportOptions {
  /** The feeds of the config; other feeds that left rows behind are shown after them. */
  readonly feedNames: readonly string[];
  /** Absent: no host runs. */
  readonly host?: HostStatus;
  readonly process?: StatusReport['process'];
  readonly nowMs: number;
}

/** The counts in the store, for a report. */
export interface StoredCounts {
  readonly parked: readonly ParkedCount[];
  readonly totals: readonly OutcomeTotals[];
}

/** Throws `StoreError`. */
export async function readStored(store: FeedStore): Promise<StoredCounts> {
  return { parked: await store.parked.counts(), totals: await store.outcomes.totals() };
}

/** Combines the counts in the store (absent while it is away) with the status of the running host. */
export function makeReport(stored: StoredCounts | undefined, options: ReportOptions): StatusReport {
  const { host, nowMs } = options;
  const counts = stored?.parked ?? [];
  const totals = new Map((stored?.totals ?? []).map((row) => [row.feed, row.totals]));
  const kept = [...counts.flatMap(({ feed }) => feed ?? []), ...totals.keys()];
  const names = [...new Set([...options.feedNames, ...kept])];
  return {
    running: host !== undefined,
    ...(options.process === undefined ? {} : { process: options.process }),
    ...(host?.source === undefined ? {} : { source: host.source }),
    ...(host?.waitsFor === undefined ? {} : { waitsFor: host.waitsFor }),
    ...(host === undefined ? {} : { queue: host.queue, reload: host.reload }),
    store: host?.store ?? {},
    ...(host?.unchecked === undefined || host.unchecked.length === 0 ? {} : { unchecked: host.unchecked }),
    feeds: names.map((name) => {
      const own = counts.filter((count) => count.feed === name);
      const live = host?.feeds.find((feed) => feed.name === name);
      const rowsIn = (state: ParkReason['state']): number =>
        stored === undefined ? (live?.parked[state] ?? 0) : (own.find((count) => count.state === state)?.rows ?? 0);
      const ages = own.flatMap(({ state, oldestAtMs }) => (STILL_TO_COME.includes(state) ? nowMs - oldestAtMs : []));
      const oldestMs = Math.max(...ages, live?.oldestMs ?? -Infinity);
      return {
        name,
        state: live?.state ?? 'stopped',
        lagging: live?.lagging ?? false,
        ...(live?.problem === undefined ? {} : { problem: live.problem }),
        ...(stored === undefined ? {} : { totals: totals.get(name) ?? NONE }),
        parked: {
          waiting: rowsIn('waiting'),
          deferred: rowsIn('deferred'),
          failed: rowsIn('failed'),
          undecided: rowsIn('undecided'),
          resync: rowsIn('resync'),
        },
        queued: live?.queued ?? 0,
        ...(oldestMs === -Infinity ? {} : { oldestUndeliveredMs: Math.max(0, oldestMs) }),
      };
    }),
    raw: counts.find((count) => count.state === 'raw')?.rows ?? 0,
  };
}

const NONE = { delivered: 0, skipped: 0, superseded: 0, dropped: 0, parked: 0 };

/** Rows that were given up wait for a person, so their age says nothing about the feed. */
const STILL_TO_COME: readonly string[] = ['waiting', 'deferred', 'resync'];
