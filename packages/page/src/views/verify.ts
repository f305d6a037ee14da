import type { Drift } from '@soar-feed/core/runtime';
import { documentOf } from '../frame/document.js';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import type { Frame } from '../model/Frame.js';
import type { Verify } from '../model/Verify.js';
import { address } from '../parts/address.js';
import { dataTable } from '../parts/dataTable.js';
import { durationText } from '../parts/durationText.js';
import { empty } from '../parts/empty.js';
import { ago, moment } from '../parts/moment.js';
import { countText, numberText } from '../parts/numberText.js';
import { objectLink } from '../parts/objectLink.js';
import { shape, stateMark } from '../parts/stateMark.js';
import type { Tone } from '../parts/stateMark.js';

const SHOWN = 200;
const CAUSES = ['differs', 'missing', 'extra', 'parked'] as const;
const TONES: Readonly<Record<Drift['cause'], Tone>> = {
  differs: 'warn',
  missing: 'bad',
  extra: 'warn',
  parked: 'busy',
};

/** What the last verification found. */
export function renderVerify(frame: Frame, { last, cause, problem }: Verify): string {
  return documentOf(frame, {
    title: 'Verify',
    main: markup`<div class="view">
      <div class="title">
        <h1>Verify</h1>
        <p class="dim">
          Source and targets, compared object by object. <code>soar-feed verify</code> compares, beside the running
          host.
        </p>
      </div>
      ${problem !== undefined && markup`<p class="notice refused" role="alert">${shape('bad')}<span>${problem}</span></p>`}
      ${
        last === undefined
          ? problem === undefined &&
            markup`<div class="panel">
              ${empty('Nothing was compared yet.', markup`<code>soar-feed verify</code>`, 'It reads both sides, writes to neither, and may be interrupted.')}
            </div>`
          : resultOf(last, cause, frame.nowMs)
      }
    </div>`,
  });
}

type Last = NonNullable<Verify['last']>;

function resultOf(last: Last, cause: string | undefined, nowMs: number): Piece {
  const { report } = last;
  const { drift, driftNotListed, faults, complete } = report;
  const differing = drift.length + driftNotListed;
  const [tone, words]: readonly [Tone, string] =
    differing > 0
      ? ['bad', `${countText(differing, 'object')} ${differing === 1 ? 'is' : 'are'} not as they should be`]
      : complete && faults.length === 0
        ? ['good', 'Everything is equal']
        : ['warn', complete ? 'Not everything could be read' : 'Not finished'];
  return markup`<div class="view">
    <div class="headline ${tone}">
      <h2 class="verdict-h">${shape(tone)}<span>${words}</span></h2>
      <dl class="facts">
        ${factsOf(last, nowMs).map(
          ([name, value]) =>
            markup`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    </div>
    <section aria-labelledby="tally-h">
      <h2 id="tally-h">By feed</h2>
      <div class="panel">${tallyTable(report.feeds)}</div>
    </section>
    ${differing > 0 && driftSection(last, cause)} ${faults.length > 0 && faultSection(faults)}
  </div>`;
}

function factsOf(
  { report, sample, minIncidentId, maxIncidentId, upToId }: Last,
  nowMs: number,
): readonly (readonly [string, Piece])[] {
  const { startedAtMs, finishedAtMs, incidents, objects, complete } = report;
  const range =
    maxIncidentId === undefined && minIncidentId <= 0
      ? 'all incidents'
      : `incidents ${minIncidentId} to ${maxIncidentId ?? 'the last'}`;
  return [
    ['Compared', markup`${ago(finishedAtMs ?? startedAtMs, nowMs)} ago`],
    ['Began', markup`${moment(startedAtMs)} UTC`],
    [
      'Took',
      finishedAtMs === undefined
        ? complete
          ? '–'
          : `up to incident ${upToId}`
        : durationText(finishedAtMs - startedAtMs),
    ],
    ['Range', sample < 100 ? `${sample} % of ${range}` : range],
    ['Incidents', numberText(incidents)],
    ['Objects', numberText(objects)],
  ];
}

function tallyTable(feeds: Last['report']['feeds']): Piece {
  return dataTable({
    caption: 'What was found, by feed',
    columns: [
      { name: 'Feed', long: true },
      ...['Equal', 'Differs', 'Missing', 'Extra', 'Parked', 'Left out'].map((name) => ({ name, number: true })),
      { name: 'Left out because', long: true },
    ],
    rows: Object.entries(feeds).map(([name, tally]) => [
      name,
      ...[tally.equal, tally.differs, tally.missing, tally.extra, tally.parked, tally.leftOut].map((count) =>
        count === 0 ? markup`<span class="dim">0</span>` : numberText(count),
      ),
      reasonsOf(tally.reasons),
    ]),
  });
}

function reasonsOf(reasons: Readonly<Record<string, number>>): Piece {
  const most = Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3);
  if (most.length === 0) return markup`<span class="dim">–</span>`;
  return markup`<ul class="plain">
    ${most.map(([reason, count]) => markup`<li>${numberText(count)} ${reason}</li>`)}
  </ul>`;
}

function driftSection({ report: { drift, driftNotListed } }: Last, cause: string | undefined): Piece {
  const chosen = drift.filter((one) => cause === undefined || one.cause === cause);
  const shown = chosen.slice(0, SHOWN);
  const left = chosen.length - shown.length + (cause === undefined ? driftNotListed : 0);
  return markup`<section aria-labelledby="drift-h">
    <h2 id="drift-h">Differences</h2>
    <nav class="filter" aria-label="By cause">
      <a href=${address('verify')} aria-current=${cause === undefined ? 'true' : undefined}>all</a>
      ${CAUSES.map((one) => markup`<a href=${address('verify', { cause: one })} aria-current=${one === cause ? 'true' : undefined}>${one}</a>`)}
    </nav>
    <div class="panel">
      ${shown.length === 0 ? empty('None of this cause.') : driftTable(shown)}
      ${left > 0 && markup`<p class="hint more">And ${numberText(left)} more: <code>soar-feed verify --json</code> lists them.</p>`}
    </div>
    <p class="hint">
      <code>soar-feed repair --plan</code> shows what a repair would do; <code>soar-feed repair</code> does it.
    </p>
  </section>`;
}

function driftTable(drift: readonly Drift[]): Piece {
  const severalFeeds = drift.some(({ feed }) => feed !== drift[0]?.feed);
  return dataTable({
    caption: 'Objects that differ',
    columns: [
      { name: 'Object' },
      { name: 'Of incident', number: true },
      { name: 'Cause' },
      { name: 'Where', long: true },
      { name: 'In the target' },
      ...(severalFeeds ? [{ name: 'Feed' }] : []),
    ],
    rows: drift.map((one) => [
      objectLink(one.key),
      one.key.incidentId,
      stateMark(TONES[one.cause], one.cause),
      whereOf(one),
      one.ref === undefined ? markup`<span class="dim">–</span>` : `${one.key.type} ${one.ref}`,
      ...(severalFeeds ? [one.feed] : []),
    ]),
  });
}

function whereOf({ fields = [], reason, parked }: Drift): Piece {
  const row = parked === undefined ? '' : `${parked.state}${parked.code === undefined ? '' : ` [${parked.code}]`}`;
  const words = [fields.map(({ name }) => name).join(', '), row, reason ?? ''].filter((part) => part !== '');
  return words.length === 0 ? markup`<span class="dim">–</span>` : words.join(': ');
}

function faultSection(faults: Last['report']['faults']): Piece {
  return markup`<section aria-labelledby="faults-h">
    <h2 id="faults-h">Not readable at the source</h2>
    <ul class="panel problems">
      ${faults.slice(0, SHOWN).map(({ incidentId, message }) => markup`<li>${incidentId !== undefined && markup`<b>Incident ${incidentId}</b> `}${message}</li>`)}
    </ul>
  </section>`;
}
