import type { FeedReport, StatusReport } from '@soar-feed/core/runtime';
import { ageText } from './age.js';
import { progressText } from './progressText.js';
import { table } from './table.js';

/** A status report for people. */
export function statusText(report: StatusReport, nowMs: number, width: number): string {
  const { running, process, source, waitsFor, queue, store, feeds, raw, reload, unchecked = [] } = report;
  const lines = [
    running && process !== undefined
      ? `Running: process ${process.pid}, for ${ageText(nowMs - process.startedAtMs)}.`
      : 'No host runs.',
    ...(source === undefined
      ? running
        ? ['Source: not connected yet.']
        : []
      : [`Source: ${source.org} on ${source.host}.`]),
    ...(waitsFor === undefined ? [] : [`The start waits: ${waitsFor}`]),
    ...(queue === undefined
      ? []
      : [
          `Queue: ${queue.state}${because(queue.problem)}; ${queue.counts.received} messages since the start, ${queue.inFlight} in progress.`,
        ]),
    ...(unchecked.length === 0 ? [] : [`Certificates are not checked by ${unchecked.join(', ')}.`]),
    ...(store.problem === undefined ? [] : [`State database: no message is acknowledged${because(store.problem)}.`]),
    ...(reload?.running === true ? [`Reload: ${progressText(reload)} so far.`] : []),
    ...(reload?.problem === undefined ? [] : [`Reload waits: ${reload.problem}`]),
    ...(raw === 0 ? [] : [`${raw} messages could not be decoded: soar-feed parked list --state raw.`]),
  ];
  const problems = feeds
    .filter(({ problem }) => problem !== undefined)
    .map(({ name, problem }) => `${name}: ${problem}`);
  return [...lines, '', table(HEADINGS, feeds.map(rowOf), width).trimEnd(), ...problems]
    .map((line) => `${line}\n`)
    .join('');
}

const HEADINGS = [
  ...['feed', 'state', 'delivered', 'skipped', 'superseded', 'dropped'],
  ...['parked', 'failed', 'oldest'],
];

function rowOf(feed: FeedReport): readonly (string | number)[] {
  const { waiting, deferred, resync, failed, undecided } = feed.parked;
  const { totals } = feed;
  return [
    feed.name,
    feed.state === 'up' && feed.lagging ? 'lagging' : feed.state,
    ...(totals === undefined
      ? ['?', '?', '?', '?']
      : [totals.delivered, totals.skipped, totals.superseded, totals.dropped]),
    waiting + deferred + resync,
    failed + undecided,
    feed.oldestUndeliveredMs === undefined ? '-' : ageText(feed.oldestUndeliveredMs),
  ];
}

function because(problem: string | undefined): string {
  return problem === undefined ? '' : ` (${problem})`;
}
