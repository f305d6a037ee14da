import type { FeedHistory } from '@soar-feed/core/runtime';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import { dataTable } from '../parts/dataTable.js';
import { durationText } from '../parts/durationText.js';
import { momentText } from '../parts/moment.js';
import { countText, numberText } from '../parts/numberText.js';
import { bucketsOf, spanTo } from './buckets.js';
import type { Bucket, Span } from './buckets.js';
import { HEIGHT, plot, WIDTH } from './plot.js';
import { roundedUp } from './roundedUp.js';

const HOURS = 6;
const BUCKET_MS = 300_000;
const TABLE_BUCKET_MS = 1_800_000;

/** Throughput and lag of one feed over the last hours, as plots and as a table. */
export function feedPlots({ feed, minutes }: FeedHistory, at: number, nowMs: number): Piece {
  const span = spanTo(nowMs, HOURS, BUCKET_MS);
  const buckets = bucketsOf(minutes, span);
  return markup`<article class="feed-plots" id="pace-${at}">
    <h3>${feed}</h3>
    <div class="pair">${throughput(buckets, span, `rate-${at}`)}${lag(buckets, span, `lag-${at}`)}</div>
    <details>
      <summary>The same as a table<span class="unseen"> for ${feed}</span></summary>
      ${paceTable(feed, bucketsOf(minutes, spanTo(nowMs, HOURS, TABLE_BUCKET_MS)))}
    </details>
  </article>`;
}

const clock = (ms: number): string => momentText(ms).slice(11, 16);

function timesOf({ fromMs, bucketMs, count }: Span): readonly string[] {
  const half = fromMs + (bucketMs * count) / 2;
  return [clock(fromMs), clock(half), 'now'];
}

function throughput(buckets: readonly Bucket[], span: Span, id: string): Piece {
  const delivered = buckets.map(({ seen }) => seen?.delivered ?? 0);
  const sum = delivered.reduce((all, one) => all + one, 0);
  const top = roundedUp(Math.max(...delivered, 1));
  const step = WIDTH / buckets.length;
  return plot({
    ...{ id, heading: 'Delivered', times: timesOf(span), top: `${numberText(top)} per 5 min` },
    description: `${countText(sum, 'event')} delivered in ${HOURS} hours; at most ${numberText(Math.max(...delivered))} in 5 minutes.`,
    legend: [],
    marks: buckets.map(({ atMs, seen }, at) => {
      if (seen === undefined)
        return markup`<rect class="no-host" x=${at * step} y="0" width=${step} height=${HEIGHT} />`;
      const height = (seen.delivered / top) * HEIGHT;
      return markup`<g class="mark">
        <title>${clock(atMs)}: ${numberText(seen.delivered)} delivered</title>
        <rect class="hit" x=${round(at * step)} y="0" width=${round(step)} height=${HEIGHT} />
        <rect
          class="value"
          x=${round(at * step + step * 0.12)}
          y=${round(HEIGHT - height)}
          width=${round(step * 0.76)}
          height=${round(height)}
        />
      </g>`;
    }),
  });
}

function lag(buckets: readonly Bucket[], span: Span, id: string): Piece {
  const values = buckets.map(
    ({ seen }) => seen && { worst: Math.max(seen.lagSeconds, seen.p99Seconds ?? 0), p50: seen.p50Seconds },
  );
  const most = Math.max(...values.map((value) => value?.worst ?? 0));
  const top = roundedUp(Math.max(most, 0.1));
  const step = WIDTH / buckets.length;
  const y = (seconds: number): number => HEIGHT - Math.min(1, seconds / top) * (HEIGHT - 2) - 1;
  return plot({
    ...{ id, heading: 'Lag', times: timesOf(span), top: durationText(top * 1000) },
    description: `The worst lag in ${HOURS} hours was ${durationText(most * 1000)}.`,
    legend: [
      ['worst', 'worst'],
      ['median', 'median'],
    ],
    marks: markup`<g>
      <path
        class="area"
        d=${areaOf(
          values.map((value) => value && y(value.worst)),
          step,
        )}
      />
      <path
        class="line worst"
        d=${lineOf(
          values.map((value) => value && y(value.worst)),
          step,
        )}
      />
      <path
        class="line median"
        d=${lineOf(
          values.map((value) => (value?.p50 === undefined ? undefined : y(value.p50))),
          step,
        )}
      />
      ${buckets.map(({ atMs }, at) => {
        const value = values[at];
        if (value === undefined)
          return markup`<rect class="no-host" x=${round(at * step)} y="0" width=${round(step)} height=${HEIGHT} />`;
        const median = value.p50 === undefined ? '' : `, median ${durationText(value.p50 * 1000)}`;
        return markup`<g class="mark">
          <title>${clock(atMs)}: worst ${durationText(value.worst * 1000)}${median}</title>
          <rect class="hit" x=${round(at * step)} y="0" width=${round(step)} height=${HEIGHT} />
        </g>`;
      })}
    </g>`,
  });
}

type Heights = readonly (number | undefined)[];

/** Through the middle of each bucket; it breaks where there is none. */
function lineOf(heights: Heights, step: number): string {
  return runsOf(heights)
    .map((run) =>
      run.map(({ at, y }, first) => `${first === 0 ? 'M' : 'L'}${round((at + 0.5) * step)} ${round(y)}`).join(''),
    )
    .map((path) => (path.includes('L') ? path : `${path}h.01`))
    .join('');
}

function areaOf(heights: Heights, step: number): string {
  return runsOf(heights)
    .map((run) => {
      const [first] = run;
      const last = run.at(-1);
      if (first === undefined || last === undefined) return '';
      const top = run.map(({ at, y }) => `L${round((at + 0.5) * step)} ${round(y)}`).join('');
      return `M${round((first.at + 0.5) * step)} ${HEIGHT}${top}L${round((last.at + 0.5) * step)} ${HEIGHT}Z`;
    })
    .join('');
}

function runsOf(heights: Heights): readonly (readonly { readonly at: number; readonly y: number }[])[] {
  const runs: { at: number; y: number }[][] = [];
  heights.forEach((y, at) => {
    if (y === undefined) return;
    if (at > 0 && heights[at - 1] !== undefined) runs.at(-1)?.push({ at, y });
    else runs.push([{ at, y }]);
  });
  return runs;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function paceTable(feed: string, buckets: readonly Bucket[]): Piece {
  const time = (seconds: number | undefined): string => (seconds === undefined ? '–' : durationText(seconds * 1000));
  return dataTable({
    caption: `Throughput and lag of ${feed}, by half hours`,
    columns: [
      { name: 'From' },
      { name: 'Delivered', number: true },
      { name: 'Worst lag', number: true },
      { name: 'Median to arrive', number: true },
      { name: 'p99 to arrive', number: true },
    ],
    rows: buckets.map(({ atMs, seen }) =>
      seen === undefined
        ? [clock(atMs), '–', '–', '–', '–']
        : [
            clock(atMs),
            numberText(seen.delivered),
            time(seen.lagSeconds),
            time(seen.p50Seconds),
            time(seen.p99Seconds),
          ],
    ),
  });
}
