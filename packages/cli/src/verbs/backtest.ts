import { FeedError, writeJson } from '@soar-feed/core';
import type { IncidentFilter, OtherFilter } from '@soar-feed/core';
import { backtest as backtestFeed, parseDuration, sharedRedactor } from '@soar-feed/core/runtime';
import type { BacktestReport, Inspection, InspectedFeed } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import { loggerFor } from '../loggerFor.js';
import { backtestCsv, backtestText } from '../output/backtestText.js';
import { Terminal } from '../output/Terminal.js';
import { widthOf } from '../output/table.js';
import { writeOut } from '../output/writeOut.js';
import { UsageError } from '../UsageError.js';
import { withInspection } from '../withInspection.js';
import type { InspectionArgs } from '../withInspection.js';

export interface BacktestArgs extends InspectionArgs {
  readonly filter: string;
  readonly since: string;
  readonly operator?: 'all' | 'any' | undefined;
  readonly limit?: number | undefined;
  readonly csv: boolean;
  readonly json: boolean;
}

const TABLE_LIMIT = 100;
const PAGE_SIZE = 100;

type FilteringFeed = InspectedFeed & Required<Pick<InspectedFeed, 'incidentFilter'>>;

/** Reads pages of incidents, and writes nothing anywhere. */
export async function backtest(args: BacktestArgs): Promise<number> {
  const sinceMs = sinceOf(args.since);
  const terminal = new Terminal(process.stderr);
  const { filter: text, operator } = args;
  const other: OtherFilter = { text, ...(operator === undefined ? {} : { combine: operator }) };
  // What can be known without the source comes first.
  await withInspection(args, { ask: false }, (inspection) => Promise.resolve(read(feedOf(inspection, args), other)));
  const report = await withInspection(args, { ask: true }, async (inspection, signal) => {
    const { source, prepared } = inspection;
    if (source === undefined) throw new TypeError('the source was to be asked');
    const feed = feedOf(inspection, args);
    try {
      return await backtestFeed({
        ...{ source, feed: feed.name, current: feed.incidentFilter(), proposed: read(feed, other) },
        ...{ sinceMs: sinceMs(Date.now() + source.client.clock.offsetMs), pageSize: PAGE_SIZE, signal },
        workspaces: prepared.config.feeds.workspaces,
        log: loggerFor(args, terminal, { level: 'warn', redactor: sharedRedactor }),
        onProgress: (incidents) => terminal.status(`Backtest: ${incidents} incidents so far`),
      });
    } finally {
      terminal.status('');
    }
  });
  await show(sharedRedactor.redactAll(report), args);
  return (report.faults.length > 0 ? exitCodes.planFails : exitCodes.done).code;
}

async function show(report: BacktestReport, { json, csv, limit = json || csv ? Infinity : TABLE_LIMIT }: BacktestArgs) {
  const changes = report.changes.slice(0, limit);
  if (json) return writeOut(`${writeJson({ ...report, changes })}\n`);
  if (csv) return writeOut(backtestCsv({ ...report, changes }));
  await writeOut(backtestText({ ...report, changes }, report.changes, widthOf(process.stdout)));
  if (changes.length < report.changes.length)
    process.stderr.write(`There are ${report.changes.length}: --limit, --csv or --json shows more of them.\n`);
}

/** The feed that is named, or the only one with a filter. */
function feedOf({ feeds }: Inspection, { feed }: BacktestArgs): FilteringFeed {
  const filtering = feeds.filter((one): one is FilteringFeed => one.incidentFilter !== undefined);
  const [first, second] = filtering;
  if (first === undefined && feed !== undefined)
    throw new UsageError(`Feed ${feed} has no filter: its target (class=${feeds[0]?.type}) is fed every incident.`);
  if (first === undefined)
    throw new UsageError('No feed of [feeds] feed_names has a filter: all are fed every incident.');
  if (second === undefined) return first;
  throw new UsageError(
    `Several feeds have filters: name one with --feed: ${filtering.map(({ name }) => name).join(', ')}.`,
  );
}

/** Throws `UsageError` that points at what cannot be read. */
function read(feed: FilteringFeed, other: OtherFilter): IncidentFilter {
  try {
    return feed.incidentFilter(other);
  } catch (error) {
    if (!FeedError.is(error) || error.code !== 'filter-invalid') throw error;
    const at = typeof error.details['at'] === 'number' ? error.details['at'] : undefined;
    const line = other.text.replaceAll(/\s/g, ' ');
    const pointer = at === undefined ? '' : `\n  ${line}\n  ${' '.repeat(at)}^ at character ${at + 1}`;
    throw new UsageError(`${error.message}${pointer}`);
  }
}

/** Given the time of the source, when the incidents begin; ms since the epoch. */
function sinceOf(text: string): (nowMs: number) => number {
  const durationMs = /^\d+$/.test(text) ? undefined : parseDuration(text, 's');
  if (durationMs !== undefined) return (nowMs) => nowMs - durationMs;
  const dateMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(dateMs)) return () => dateMs;
  throw new UsageError(`--since is neither a duration such as 90d or 12h, nor a date such as 2026-01-31: "${text}".`);
}
