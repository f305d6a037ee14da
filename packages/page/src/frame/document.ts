import { render } from 'preact-render-to-string';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import { countText, numberText } from '../parts/numberText.js';
import { momentText } from '../parts/moment.js';
import { shape } from '../parts/stateMark.js';
import { pathOf, ROOT, VIEWS } from '../model/Frame.js';
import type { Frame, Notice, ViewName } from '../model/Frame.js';

const NAMES: Readonly<Record<ViewName, string>> = {
  overview: 'Overview',
  parked: 'Parked',
  mapping: 'Mapping',
  incident: 'Incident',
  verify: 'Verify',
};

export interface Content {
  /** Of the document: what a browser shows in its tab. */
  readonly title: string;
  readonly main: Piece;
  /** How often the view is looked at anew, in seconds; absent: only when asked. */
  readonly refreshSeconds?: number;
}

/** A whole HTML document. */
export function documentOf(frame: Frame, { title, main, refreshSeconds }: Content): string {
  const { view, org, nowMs, notice } = frame;
  const page = markup`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title} – soar-feed${org === undefined ? '' : ` (${org})`}</title>
      <link rel="stylesheet" href="${ROOT}/page.css" />
      <link rel="icon" href="${ROOT}/icon.svg" type="image/svg+xml" />
      <script type="module" src="${ROOT}/page.js"></script>
    </head>
    <body>
      <a class="skip" href="#main">Skip to the content</a>
      <header class="top">
        <div class="bar">
          <a class="brand" href=${ROOT}>${mark()}<span>soar-feed</span></a>
          ${org !== undefined && markup`<span class="org" title=${org}>${org}</span>`}
          <nav aria-label="Views" id="views">${VIEWS.map((name) => navLink(name, frame))}</nav>
          <div class="pulse">
            <p id="asof">
              <time id="now" datetime=${new Date(nowMs).toISOString()} title="${momentText(nowMs)} UTC"
                >${momentText(nowMs).slice(11)}</time
              >${' UTC'}
            </p>
            ${
              refreshSeconds !== undefined &&
              markup`<button type="button" id="pause" class="quiet" hidden aria-pressed="false">Pause</button>`
            }
          </div>
        </div>
        <p id="lost" role="alert" hidden></p>
      </header>
      <main id="main" tabindex="-1" data-view=${view} data-refresh=${refreshSeconds}>
        <div id="notice">${notice !== undefined && noticeBox(notice)}</div>
        ${main}
      </main>
      <p class="unseen" role="status" id="said">${saidOf(frame)}</p>
    </body>
  </html>`;
  return `<!doctype html>\n${render(page)}\n`;
}

function navLink(name: ViewName, { view, toDecide }: Frame): Piece {
  const count = name === 'parked' && toDecide > 0;
  return markup`<a href=${pathOf(name)} aria-current=${name === view ? 'page' : undefined}>
    ${NAMES[name]}${
      count &&
      markup`<span class="count" id="to-decide" title="${countText(toDecide, 'row')} to look at"
        ><span class="unseen">, </span>${numberText(toDecide)}<span class="unseen"> to look at</span></span
      >`
    }
  </a>`;
}

function noticeBox({ kind, text }: Notice): Piece {
  return markup`<p class="notice ${kind}" role=${kind === 'done' ? 'status' : 'alert'}>
    ${shape(kind === 'done' ? 'good' : 'bad')}<span>${text}</span>
  </p>`;
}

/** Read aloud when it changes, so it holds no number that moves by itself. */
function saidOf({ health: { ok, reasons, standby } }: Frame): string {
  if (standby !== undefined) return `Standby: ${standby}`;
  return ok ? 'All feeds work.' : reasons.join('; ');
}

/** The sign of the program: one stream that goes out to many. */
function mark(): Piece {
  return markup`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
    <path d="M3 12h6M9 12c5 0 4-7 12-7M9 12h12M9 12c5 0 4 7 12 7" />
  </svg>`;
}
