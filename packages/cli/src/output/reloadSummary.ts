import type { FeedStatus, FeedTally, ReloadReport } from '@soar-feed/core/runtime';
import { table } from './table.js';

/** The result of a reload at one feed, once it is quiet. */
export interface FeedSummary extends Readonly<FeedTally> {
  /** Why the target is not up; absent if it is. */
  readonly problem?: string;
}

export interface ReloadSummary {
  /** Everything was read and settled, and nothing failed. */
  readonly ok: boolean;
  readonly incidents: number;
  readonly objects: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly feeds: Readonly<Record<string, FeedSummary>>;
  /** Parts of the source that could not be read. */
  readonly faults: ReloadReport['faults'];
  /** Requested types of which nothing was found. */
  readonly typesWithoutObjects: readonly string[];
  readonly interrupted: boolean;
  readonly durationMs: number;
}

/**
 * `parked` counts the rows that are parked once all is quiet: rows that waited for their parent and were delivered no
 * longer count, and dead letters count as `failed`.
 */
export function summarise(
  report: ReloadReport,
  feeds: readonly FeedStatus[],
  wantedTypes: readonly string[],
): ReloadSummary {
  // An interrupted host has no feeds any more, but its report has.
  const names = new Set([...feeds.map((feed) => feed.name), ...Object.keys(report.feeds)]);
  const summaries = [...names].map((name): readonly [string, FeedSummary] => [
    name,
    summaryOf(
      report.feeds[name] ?? NOTHING,
      feeds.find((feed) => feed.name === name),
    ),
  ]);
  const incomplete = summaries.some(([, feed]) => feed.failed > 0 || feed.parked > 0);
  return {
    ok: !incomplete && !report.interrupted && report.faults.length === 0,
    incidents: report.incidents,
    objects: report.objects,
    byType: report.byType,
    feeds: Object.fromEntries(summaries),
    faults: report.faults,
    typesWithoutObjects: wantedTypes.filter((type) => report.byType[type] === undefined),
    interrupted: report.interrupted,
    durationMs: report.durationMs,
  };
}

const NOTHING: FeedTally = {
  ...{ created: 0, updated: 0, deleted: 0, unchanged: 0 },
  ...{ skipped: 0, superseded: 0, parked: 0, failed: 0 },
};

function summaryOf(tally: FeedTally, status: FeedStatus | undefined): FeedSummary {
  if (status === undefined) return tally;
  const { waiting, deferred, resync, undecided } = status.parked;
  return {
    ...tally,
    parked: waiting + deferred + resync + undecided,
    ...(status.state === 'up' || status.problem === undefined ? {} : { problem: status.problem }),
  };
}

/** The summary for people. */
export function summaryText(summary: ReloadSummary, width: number): string {
  const { incidents, objects, durationMs, faults, interrupted, typesWithoutObjects } = summary;
  const seconds = (durationMs / 1000).toFixed(1);
  const rows = Object.entries(summary.feeds).map(([name, feed]) => [
    name,
    ...[feed.created, feed.updated, feed.unchanged],
    ...[feed.skipped + feed.superseded, feed.parked, feed.failed],
  ]);
  const notes = [
    ...Object.entries(summary.feeds).flatMap(([name, feed]) =>
      feed.problem === undefined ? [] : [`${name} is not up: ${feed.problem}`],
    ),
    ...faults.map((fault) => `Not readable at the source: ${fault.message}`),
    ...typesWithoutObjects.map((type) => `Nothing of type ${type} was found: is that its API name?`),
    ...(interrupted ? ['Interrupted before the end.'] : []),
  ];
  return [
    `${incidents} incidents, ${objects} objects read in ${seconds} s${interrupted ? ', then interrupted' : ''}.\n`,
    table(['feed', 'created', 'updated', 'unchanged', 'skipped', 'parked', 'failed'], rows, width),
    ...notes.map((note) => `${note}\n`),
    summary.ok ? '' : 'The reload is incomplete; the log says why.\n',
  ].join('');
}
