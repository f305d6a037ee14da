import type { FeedReport, StatusReport } from '@soar-feed/core/runtime';
import { ageText, secondsText } from '../output/age.js';
import { progressText } from '../output/progressText.js';
import { table } from '../output/table.js';
import { barText } from './barText.js';

export interface FrameSize {
  readonly columns: number;
  /** Absent: as many lines as it needs. */
  readonly rows?: number;
}

const HEADINGS = ['feed', 'state', 'lag', 'p50', 'p99', 'in/s', 'out/s', 'busy', 'parked', 'failed'];

/** What `top` shows at one moment; never wider or higher than the size. `report`: absent while no host answers. */
export function frameOf(
  report: StatusReport | undefined,
  nowMs: number,
  { columns, rows }: FrameSize,
): readonly string[] {
  const lines =
    report === undefined ? ['No host answers. It is asked again every second.'] : linesOf(report, nowMs, columns);
  const fitting = rows === undefined || lines.length <= rows ? lines : [...lines.slice(0, rows - 1), '…'];
  return fitting.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
}

function linesOf(report: StatusReport, nowMs: number, columns: number): readonly string[] {
  const { process, source, waitsFor, standby, queue, store, feeds, raw, reload } = report;
  const up = process === undefined ? '' : `, up for ${ageText(nowMs - process.startedAtMs)}`;
  const of = source === undefined ? 'the source is not connected' : `${source.org} on ${source.host}`;
  return [
    `soar-feed: ${of}${up}  ${new Date(nowMs).toISOString().slice(11, 19)} UTC`,
    ...(queue === undefined ? [] : [queueLine(queue)]),
    ...(standby === undefined ? [] : [`Standby: ${standby}`]),
    ...(waitsFor === undefined ? [] : [`The start waits: ${waitsFor}`]),
    ...(store.problem === undefined ? [] : [`State database: ${store.problem}`]),
    ...(reload?.running === true ? [reloadLine(reload, columns)] : []),
    ...(reload?.problem === undefined ? [] : [`Reload waits: ${reload.problem}`]),
    '',
    ...table(HEADINGS, feeds.map(cellsOf), columns).trimEnd().split('\n'),
    ...feeds.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`])),
    ...feeds.flatMap(causeLines),
    ...(raw === 0 ? [] : [`${raw} messages could not be decoded.`]),
  ];
}

function queueLine({ state, problem, counts, inFlight }: NonNullable<StatusReport['queue']>): string {
  const why = problem === undefined ? '' : ` (${problem})`;
  return `Queue: ${state}${why}; ${counts.received} messages, ${inFlight} in progress, ${counts.undecodable} undecodable`;
}

function reloadLine(reload: NonNullable<StatusReport['reload']>, columns: number): string {
  const { incidents, ofIncidents } = reload;
  const text = progressText(reload);
  if (ofIncidents === undefined || ofIncidents === 0) return `Reload: ${text}`;
  const done = Math.min(1, incidents / ofIncidents);
  return `Reload ${barText(done, Math.max(10, Math.min(30, columns - text.length - 16)))}  ${text}`;
}

function cellsOf(feed: FeedReport): readonly (string | number)[] {
  const { name, state, lagging, pace, queued, parked } = feed;
  const { p50Seconds, p99Seconds } = pace?.arrivals ?? {};
  return [
    name,
    state === 'up' && lagging ? 'lagging' : state,
    pace === undefined ? '-' : secondsText(pace.lagSeconds),
    p50Seconds === undefined ? '-' : secondsText(p50Seconds),
    p99Seconds === undefined ? '-' : secondsText(p99Seconds),
    pace === undefined ? '-' : pace.perSecond.received.last1m.toFixed(1),
    pace === undefined ? '-' : pace.perSecond.delivered.last1m.toFixed(1),
    queued,
    parked.waiting + parked.deferred + parked.resync,
    parked.failed + parked.undecided,
  ];
}

/** What waits for a person. */
function causeLines({ name, causes = [] }: FeedReport): readonly string[] {
  return causes
    .filter(({ state }) => state === 'failed' || state === 'undecided')
    .map(({ state, code, rows }) => `${name}: ${rows} ${state}${code === undefined ? '' : ` [${code}]`}`);
}
