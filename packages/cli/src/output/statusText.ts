import type { FeedReport, StatusReport } from '@soar-feed/core/runtime';
import { ageText, secondsText } from './age.js';
import { progressText } from './progressText.js';
import { table } from './table.js';

/** A status report for people. */
export function statusText(report: StatusReport, nowMs: number, width: number): string {
  const { running, process, source, waitsFor, store, feeds, raw, reload, changeTime, unchecked = [], standby } = report;
  const isActive = running && standby === undefined;
  const queue = standby === undefined ? report.queue : undefined;
  const lines = [
    running && process !== undefined
      ? `Running: process ${process.pid}, for ${ageText(nowMs - process.startedAtMs)}.`
      : 'No host runs.',
    ...(standby === undefined ? [] : [`Standby: ${standby}.`]),
    ...(source === undefined
      ? isActive
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
    ...(reload?.running === true ? [`Reload: ${progressText(reload)}.`] : []),
    ...(reload?.problem === undefined ? [] : [`Reload waits: ${reload.problem}`]),
    ...(raw === 0 ? [] : [`${raw} messages could not be decoded: soar-feed parked list --state raw.`]),
  ];
  const problems = feeds
    .filter(({ problem }) => problem !== undefined)
    .map(({ name, problem }) => `${name}: ${problem}`);
  const causes = feeds.flatMap(({ name, causes: all }) => causesText(name, all));
  const servers = feeds.flatMap(({ name, server }) => (server === undefined ? [] : [serverText(name, server)]));
  const unclear = changeTime === 'received' ? [CHANGE_TIME_UNKNOWN] : [];
  const headings = [...HEADINGS.feed, ...(running ? HEADINGS.pace : []), ...HEADINGS.counts];
  const rows = feeds.map((feed) => rowOf(feed, running));
  return [...lines, '', table(headings, rows, width).trimEnd(), ...problems, ...causes, ...servers, ...unclear]
    .map((line) => `${line}\n`)
    .join('');
}

const HEADINGS = {
  feed: ['feed', 'state', 'lag'],
  pace: ['p99', 'per s'],
  counts: ['delivered', 'skipped', 'superseded', 'dropped', 'parked', 'failed'],
};

const CHANGE_TIME_UNKNOWN = "The source's clock is not known: lag counts from when a change was received.";

/** `acme: 12 failed [http-400], 3 undecided`: what waits for a person. */
function causesText(feed: string, causes: FeedReport['causes'] = []): readonly string[] {
  const given = causes.filter(({ state }) => state === 'failed' || state === 'undecided');
  const texts = given.map(({ state, code, rows }) => `${rows} ${state}${code === undefined ? '' : ` [${code}]`}`);
  return texts.length === 0 ? [] : [`${feed}: ${texts.join(', ')}`];
}

/** `acme: soar.example.com:443 takes 23 requests at once (64 at most); 21 under way, 3 waiting, 52 ms each.` */
function serverText(feed: string, figures: NonNullable<FeedReport['server']>): string {
  const { server, limit, mostLimit, maxRequestsPerSecond, inFlight, waiting, latencyMs, refusals } = figures;
  const bounds = [
    ...(limit === undefined ? [] : [`takes ${limit} requests at once (${mostLimit ?? limit} at most)`]),
    ...(maxRequestsPerSecond === undefined ? [] : [`gets ${maxRequestsPerSecond} requests a second at most`]),
  ];
  const now = [
    ...[`${inFlight} under way`, `${waiting} waiting`],
    ...(latencyMs === undefined ? [] : [`${latencyMs.toFixed(0)} ms each`]),
    ...(refusals === 0 ? [] : [`refused ${refusals} times since the start`]),
  ];
  return `${feed}: ${server} ${bounds.join(' and ')}; ${now.join(', ')}.`;
}

/** The time from change to arrival that 99 of 100 changes stay within, and the rate of the last minute. */
function paceCells({ pace }: FeedReport): readonly string[] {
  if (pace === undefined) return ['-', '-'];
  const { p99Seconds } = pace.arrivals;
  return [p99Seconds === undefined ? '-' : secondsText(p99Seconds), pace.perSecond.delivered.last1m.toFixed(1)];
}

function rowOf(feed: FeedReport, running: boolean): readonly (string | number)[] {
  const { waiting, deferred, resync, failed, undecided } = feed.parked;
  const { totals } = feed;
  return [
    feed.name,
    feed.state === 'up' && feed.lagging ? 'lagging' : feed.state,
    lagText(feed),
    ...(running ? paceCells(feed) : []),
    ...(totals === undefined
      ? ['?', '?', '?', '?']
      : [totals.delivered, totals.skipped, totals.superseded, totals.dropped]),
    waiting + deferred + resync,
    failed + undecided,
  ];
}

function lagText({ oldestUndeliveredMs }: FeedReport): string {
  return oldestUndeliveredMs === undefined ? '-' : ageText(oldestUndeliveredMs);
}

function because(problem: string | undefined): string {
  return problem === undefined ? '' : ` (${problem})`;
}
