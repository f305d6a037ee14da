import type { FeedReport, StatusReport } from '@soar-feed/core/runtime';
import { documentOf } from '../frame/document.js';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import type { Frame } from '../model/Frame.js';
import type { Overview } from '../model/Overview.js';
import { address } from '../parts/address.js';
import { dataTable } from '../parts/dataTable.js';
import { durationText } from '../parts/durationText.js';
import { empty } from '../parts/empty.js';
import { ago } from '../parts/moment.js';
import { countText, numberText, rateText } from '../parts/numberText.js';
import { shape, stateMark } from '../parts/stateMark.js';
import type { Tone } from '../parts/stateMark.js';
import { feedPlots } from '../plot/feedPlots.js';
import { reloadPanel } from './reloadPanel.js';

/** How often it is looked at anew, in seconds. */
const EVERY = 2;

/** Feeds with state, lag and rates, the reload, and the last hours as plots. */
export function renderOverview(frame: Frame, { report, history }: Overview): string {
  const { nowMs } = frame;
  return documentOf(frame, {
    title: frame.health.standby !== undefined ? 'Standby' : frame.health.ok ? 'All is well' : 'Needs a look',
    refreshSeconds: EVERY,
    main: markup`<div class="view">
      <div id="headline">${headline(frame, report)}</div>
      <div id="reload">${report.reload !== undefined && reloadPanel(report.reload, nowMs)}</div>
      <section aria-labelledby="feeds-h">
        <h2 id="feeds-h">Feeds</h2>
        <div id="feeds" class="panel">
          ${report.feeds.length === 0 ? empty('The feeds are not open yet.') : feedTable(report.feeds)}
        </div>
      </section>
      <section aria-labelledby="hours-h">
        <h2 id="hours-h">The last six hours</h2>
        <div id="hours">
          ${
            history.every(({ minutes }) => minutes.length === 0)
              ? markup`<div class="panel">
                  ${empty('Nothing to draw yet.', 'The first minute of each feed appears here when it is over. A restart of the host begins anew.')}
                </div>`
              : history.map((feed, at) => markup`<div class="panel">${feedPlots(feed, at, nowMs)}</div>`)
          }
        </div>
      </section>
    </div>`,
  });
}

function headline({ health, nowMs }: Frame, report: StatusReport): Piece {
  const { ok, standby } = health;
  const reasons = standby === undefined ? health.reasons : [standby];
  const { feeds, source, queue, process, store } = report;
  const lagging = feeds.filter((feed) => feed.state === 'up' && feed.lagging).length;
  const tone: Tone = !ok ? 'bad' : lagging > 0 ? 'warn' : 'good';
  const words = !ok
    ? 'Something needs a look'
    : standby !== undefined
      ? 'Standby: another host does the work'
      : lagging > 0
        ? `${countText(lagging, 'feed')} ${lagging === 1 ? 'lags' : 'lag'}`
        : feeds.length === 1
          ? 'The feed works'
          : `All ${feeds.length} feeds work`;
  const facts: readonly (readonly [string, Piece])[] = [
    ['Source', source === undefined ? 'not connected' : markup`${source.org} <span class="dim">${source.host}</span>`],
    ['Queue', queue === undefined ? '–' : queue.state],
    ['Messages', queue === undefined ? '–' : numberText(queue.counts.received)],
    ['In progress', queue === undefined ? '–' : numberText(queue.inFlight)],
    ['State database', store.problem === undefined ? 'ready' : 'takes nothing'],
    ['Running for', process === undefined ? '–' : ago(process.startedAtMs, nowMs)],
  ];
  return markup`<div class="headline ${tone}">
    <h1>${shape(tone)}<span>${words}</span></h1>
    ${
      reasons.length > 0 &&
      markup`<ul class="reasons">
        ${reasons.map((reason) => markup`<li>${reason}</li>`)}
      </ul>`
    }
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          markup`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </div>`;
}

function feedTable(feeds: readonly FeedReport[]): Piece {
  // The headline has those of feeds that are not up.
  const problems = feeds.filter(({ state, problem }) => state === 'up' && problem !== undefined);
  return markup`<div>
    ${dataTable({
      caption: 'Feeds',
      columns: [
        { name: 'Feed', long: true },
        { name: 'State' },
        { name: 'Lag', number: true },
        { name: 'p50', number: true },
        { name: 'p99', number: true },
        { name: 'Per second', number: true },
        { name: 'Delivered', number: true },
        { name: 'Skipped', number: true },
        { name: 'Parked', number: true },
        { name: 'Failed', number: true },
      ],
      rows: feeds.map(feedRow),
    })}
    ${
      problems.length > 0 &&
      markup`<ul class="problems">
        ${problems.map(({ name, problem }) => markup`<li><b>${name}</b> ${problem}</li>`)}
      </ul>`
    }
  </div>`;
}

function feedRow(feed: FeedReport): readonly Piece[] {
  const { name, totals, parked, oldestUndeliveredMs, pace } = feed;
  const time = (seconds: number | undefined): Piece => (seconds === undefined ? dash() : durationText(seconds * 1000));
  const comesBack = parked.waiting + parked.deferred + parked.resync;
  const toDecide = parked.failed + parked.undecided;
  const way = (count: number): Piece =>
    count === 0 ? dim('0') : markup`<a href=${address('parked', { feed: name })}>${numberText(count)}</a>`;
  return [
    name,
    feedState(feed),
    oldestUndeliveredMs === undefined ? dim('0 s') : durationText(oldestUndeliveredMs),
    time(pace?.arrivals.p50Seconds),
    time(pace?.arrivals.p99Seconds),
    pace === undefined ? dash() : rateText(pace.perSecond.delivered.last1m),
    totals === undefined ? dash() : numberText(totals.delivered),
    totals === undefined ? dash() : numberText(totals.skipped),
    way(comesBack),
    toDecide === 0 ? dim('0') : markup`<span class="must">${way(toDecide)}</span>`,
  ];
}

const dim = (text: string): Piece => markup`<span class="dim">${text}</span>`;
const dash = (): Piece =>
  markup`<span class="dim"><span aria-hidden="true">–</span><span class="unseen">unknown</span></span>`;

const TONES: Readonly<Record<FeedReport['state'], Tone>> = {
  up: 'good',
  opening: 'busy',
  down: 'bad',
  closing: 'idle',
  stopped: 'idle',
};

function feedState({ state, lagging }: FeedReport): Piece {
  return state === 'up' && lagging ? stateMark('warn', 'lagging') : stateMark(TONES[state], state);
}
