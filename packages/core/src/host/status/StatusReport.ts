import type { ServerFigures } from '@soar-feed/soar-client';
import type { FeedStore, Outcome, OutcomeTotals, ParkedCount, ParkReason } from '../../contract/FeedStore.js';
import type { FeedState } from '../../delivery/Supervisor.js';
import { comesBack } from '../../parking/comesBack.js';
import type { PaceFigures } from '../../telemetry/pace/FeedPace.js';
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
  /** Of a running host. */
  readonly pace?: PaceFigures;
  /** The server it writes to, where the target knows how that does. Of a running host. */
  readonly server?: ServerFigures;
  /** The parked rows by cause; absent while the store is away. */
  readonly causes?: readonly ParkedCause[];
}

/** Rows that are parked for the same reason. */
export interface ParkedCause {
  readonly state: ParkReason['state'];
  /** Of failed rows. */
  readonly code?: string;
  readonly rows: number;
  /** When the oldest of them was parked; ms, host clock. */
  readonly oldestAtMs: number;
}

/** Everything there is to say about a host, running or not. */
export interface StatusReport {
  readonly running: boolean;
  readonly process?: { readonly pid: number; readonly startedAtMs: number };
  readonly source?: HostStatus['source'];
  readonly changeTime?: NonNullable<HostStatus['changeTime']>;
  /** What the start still waits for. */
  readonly waitsFor?: string;
  /** A standby: which host has what this one waits for. */
  readonly standby?: string;
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
    ...(host?.changeTime === undefined ? {} : { changeTime: host.changeTime }),
    ...(host?.waitsFor === undefined ? {} : { waitsFor: host.waitsFor }),
    ...(host?.standby === undefined ? {} : { standby: host.standby }),
    ...(host === undefined ? {} : { queue: host.queue, reload: host.reload }),
    store: host?.store ?? {},
    ...(host?.unchecked === undefined || host.unchecked.length === 0 ? {} : { unchecked: host.unchecked }),
    feeds: names.map((name) => {
      const own = counts.filter((count) => count.feed === name);
      const live = host?.feeds.find((feed) => feed.name === name);
      const rowsIn = (state: ParkReason['state']): number =>
        stored === undefined ? (live?.parked[state] ?? 0) : rowsOf(own, state);
      const ages = own.flatMap(({ state, oldestAtMs }) => (comesBack(state) ? nowMs - oldestAtMs : []));
      const oldestMs = Math.max(...ages, live?.oldestMs ?? -Infinity, lagMs(live));
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
        ...(live === undefined ? {} : { pace: live.pace }),
        ...(live?.server === undefined ? {} : { server: live.server }),
        ...(stored === undefined ? {} : { causes: causesOf(own) }),
        ...(oldestMs === -Infinity ? {} : { oldestUndeliveredMs: Math.max(0, oldestMs) }),
      };
    }),
    raw: rowsOf(counts, 'raw'),
  };
}

const NONE = { delivered: 0, skipped: 0, superseded: 0, dropped: 0, parked: 0 };

/** A lag of 0 means that nothing waits. */
function lagMs(live: HostStatus['feeds'][number] | undefined): number {
  return live === undefined || live.pace.lagSeconds === 0 ? -Infinity : live.pace.lagSeconds * 1000;
}

function rowsOf(counts: readonly ParkedCount[], state: ParkedCount['state']): number {
  return counts.reduce((sum, count) => sum + (count.state === state ? count.rows : 0), 0);
}

/** The largest first. */
function causesOf(counts: readonly ParkedCount[]): readonly ParkedCause[] {
  return counts
    .flatMap(({ state, code, rows, oldestAtMs }) =>
      state === 'raw' ? [] : [{ state, ...(code === undefined ? {} : { code }), rows, oldestAtMs }],
    )
    .sort((a, b) => b.rows - a.rows);
}
