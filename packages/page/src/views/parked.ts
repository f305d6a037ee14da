import type { ParkState } from '@soar-feed/core';
import { documentOf } from '../frame/document.js';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import type { Frame } from '../model/Frame.js';
import type { Deed, Parked, ParkedCause } from '../model/Parked.js';
import { address } from '../parts/address.js';
import { empty } from '../parts/empty.js';
import { ago, moment } from '../parts/moment.js';
import { countText, numberText } from '../parts/numberText.js';
import { shape, stateMark } from '../parts/stateMark.js';
import type { Tone } from '../parts/stateMark.js';
import { changeForm, remedies } from './changeForm.js';

/** How bad it is that a row stands in this state. */
export const PARKED_TONES: Readonly<Record<ParkState, Tone>> = {
  deferred: 'busy',
  waiting: 'busy',
  resync: 'busy',
  failed: 'bad',
  undecided: 'warn',
  raw: 'bad',
};

const MEANINGS: Readonly<Record<ParkState, string>> = {
  deferred: 'In line until the feed can take them.',
  waiting: 'Wait for an object that is not in the target yet.',
  resync: 'Incidents to be loaded whole.',
  failed: 'Given up, until somebody retries them or their object changes.',
  undecided: 'Whether the target already has them cannot be told.',
  raw: 'Messages that could not be decoded.',
};

/** Rows grouped by what parked them, and what can be done about each group. */
export function renderParked(frame: Frame, { causes, deeds, countedAtMs, problem }: Parked, feed?: string): string {
  const shown = causes.filter((cause) => feed === undefined || cause.feed === feed);
  const rows = shown.reduce((sum, cause) => sum + cause.rows + cause.waitingBehind, 0);
  return documentOf(frame, {
    title: 'Parked',
    refreshSeconds: 10,
    main: markup`<div class="view">
      <div class="title" id="title">
        <h1>Parked${feed !== undefined && markup`<span class="dim"> at ${feed}</span>`}</h1>
        <p class="dim">
          ${
            problem !== undefined
              ? 'The parked rows cannot be read now.'
              : rows === 0
                ? 'What cannot be delivered now would stand here, on disk, with its cause.'
                : markup`${countText(rows, 'row')} by ${countText(shown.length, 'cause')}, counted ${ago(countedAtMs, frame.nowMs)} ago.`
          }
          ${feed !== undefined && markup` <a href=${address('parked')}>Show all feeds</a>`}
        </p>
      </div>
      ${
        problem !== undefined
          ? markup`<p class="notice refused" role="alert">${shape('bad')}<span>${problem}</span></p>`
          : shown.length === 0
            ? markup`<div class="panel" id="causes">
                ${empty('Nothing is parked.', 'Every change has been delivered, or left out by design.')}
              </div>`
            : changeForm(
                address('parked', { feed }),
                markup`<ul class="causes" id="causes">
                  ${shown.map((cause) => causeItem(cause, frame.nowMs))}
                </ul>`,
              )
      }
      ${deeds.length > 0 && deedList(deeds)}
    </div>`,
  });
}

function causeItem(cause: ParkedCause, nowMs: number): Piece {
  const { feed, state, code, rows, waitingBehind, oldest, remedy } = cause;
  const about = `${state} ${code ?? ''} of ${feed ?? 'the queue'}`;
  return markup`<li class="panel cause">
    <div class="cause-head">
      ${stateMark(PARKED_TONES[state], state)} ${code !== undefined && markup`<code>${code}</code>`}
      <span class="dim">${feed === undefined ? 'from the queue' : markup`at <b>${feed}</b>`}</span>
    </div>
    <p class="cause-count">
      <a href=${address('parked', { feed, state, code })}>${countText(rows, state === 'raw' ? 'message' : 'row')}</a>
      ${waitingBehind > 0 && markup`<span class="dim"> and ${numberText(waitingBehind)} that wait behind</span>`}
      <span class="dim">, the oldest for ${ago(oldest.parkedAtMs, nowMs)}</span>
    </p>
    <p class="cause-why"><code class="row-name">${oldest.row}</code> <q>${oldest.why}</q></p>
    <p class="hint">${MEANINGS[state]}</p>
    ${remedies(remedy, about)}
  </li>`;
}

function deedList(deeds: readonly Deed[]): Piece {
  return markup`<section aria-labelledby="deeds-h">
    <h2 id="deeds-h">Done from this page</h2>
    <ol class="panel deeds" id="deeds" reversed>
      ${deeds.map(({ atMs, text }) => markup`<li>${moment(atMs)} <span>${text}</span></li>`)}
    </ol>
  </section>`;
}
