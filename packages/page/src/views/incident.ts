import { documentOf } from '../frame/document.js';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import { pathOf, ROOT } from '../model/Frame.js';
import type { Frame } from '../model/Frame.js';
import type { Answer, Fate, Incident, IncidentQuery, Step } from '../model/Incident.js';
import { address } from '../parts/address.js';
import { empty } from '../parts/empty.js';
import { choice, field } from '../parts/field.js';
import { ago, moment, readable } from '../parts/moment.js';
import { countText } from '../parts/numberText.js';
import { objectLink } from '../parts/objectLink.js';
import { shape, stateMark } from '../parts/stateMark.js';
import type { Tone } from '../parts/stateMark.js';
import { tokenFields } from '../parts/tokenFields.js';

const TONES: Readonly<Record<Fate, Tone>> = {
  delivered: 'good',
  'left-out': 'idle',
  'on-its-way': 'busy',
  stuck: 'bad',
  deleted: 'idle',
  unknown: 'warn',
};
const WORDS: Readonly<Record<Fate, string>> = {
  delivered: 'delivered',
  'left-out': 'left out',
  'on-its-way': 'on its way',
  stuck: 'stuck',
  deleted: 'deleted',
  unknown: 'unknown',
};
const TYPES = ['incident', 'task', 'note', 'artifact', 'attachment', 'milestone'];

/** What became of an object at each feed, and the timeline of its incident. */
export function renderIncident(frame: Frame, incident: Incident): string {
  const { query, feeds, answers, problem, title, asked } = incident;
  const name = query.id === undefined ? 'Incident' : capital(`${query.type} ${query.id}`);
  return documentOf(frame, {
    title: name,
    main: markup`<div class="view">
      <div class="title">
        <h1>${name}</h1>
        ${title !== undefined && markup`<p class="subject">${title}</p>`}
        <p class="dim">What became of an object at each feed, and why.</p>
      </div>
      ${questionForm(query, feeds)}
      <div id="result">
        ${problem !== undefined && markup`<p class="notice refused" role="alert">${shape('bad')}<span>${problem}</span></p>`}
        ${answers !== undefined && answersOf(incident, answers)}
        ${answers !== undefined && answers.length > 0 && askForm(query, asked)}
        ${answers !== undefined && timeline(incident, frame.nowMs)}
        ${
          answers === undefined &&
          problem === undefined &&
          markup`<div class="panel">
            ${empty('Ask for an object by its id.', 'An incident also shows the timeline of everything in it.')}
          </div>`
        }
      </div>
    </div>`,
  });
}

function questionForm({ type, id, side, feed }: IncidentQuery, feeds: readonly string[]): Piece {
  return markup`<form
    class="panel search"
    method="get"
    action=${pathOf('incident')}
    role="search"
    aria-label="Ask for an object"
  >
    ${field({ id: 'i-type', name: 'type', label: 'Type', value: type, known: TYPES })}
    ${field({ id: 'i-id', name: 'id', label: 'Id', value: id, digits: true })}
    ${choice({
      ...{ id: 'i-side', name: 'side', label: 'Id of', value: side },
      options: [
        ['', 'either side'],
        ['source', 'the source'],
        ['target', 'the target'],
      ],
    })}
    ${
      feeds.length > 1 &&
      choice({
        id: 'i-feed',
        name: 'feed',
        label: 'Feed',
        value: feed,
        options: [['', 'any'], ...feeds.map((one) => [one, one] as const)],
      })
    }
    <button type="submit" class="primary">Explain</button>
  </form>`;
}

function answersOf({ query }: Incident, answers: readonly Answer[]): Piece {
  if (answers.length === 0)
    return markup`<div class="panel">
      ${empty(`Nothing is known of ${query.type} ${query.id ?? ''}.`, 'No message and no reload has brought it, and no target has an object of that id.')}
    </div>`;
  return markup`<ul class="answers">
    ${answers.map(
      ({ feed, key, fate, verdict, grounds }) =>
        markup`<li class="panel answer">
          <div class="cause-head">
            ${stateMark(TONES[fate], WORDS[fate])}
            <span class="dim"
              >at <b>${feed}</b>, ${nameOf(key)}</span
            >
          </div>
          <p class="verdict">${readable(verdict)}</p>
          ${
            grounds.length > 0 &&
            markup`<dl class="grounds">
              ${grounds.map(
                ([name, value]) =>
                  markup`<div>
                    <dt>${name}</dt>
                    <dd>${readable(value)}</dd>
                  </div>`,
              )}
            </dl>`
          }
        </li>`,
    )}
  </ul>`;
}

/** Asking reads both servers, and may show content: so it needs the token, as a change does. */
function askForm({ type, id, side, feed }: IncidentQuery, asked: boolean): Piece {
  const hidden = Object.entries({ type, id, side, feed }).filter(([, value]) => value !== undefined && value !== '');
  const button = markup`<button type="submit">${asked ? 'Ask both servers again' : 'Ask both servers now'}</button>`;
  const hint = markup`Compares the source with the target, and names the clause of a filter. <code>soar-feed page</code> prints
    the token.`;
  return markup`<form method="post" action="${ROOT}/incident" class="panel token" id="change">
    ${hidden.map(([name, value]) => markup`<input type="hidden" name=${name} value=${value} />`)}
    ${tokenFields(button, hint)}
  </form>`;
}

function nameOf({ type, objectId, incidentId }: Answer['key']): string {
  return type === 'incident' ? `incident ${objectId}` : `${type} ${objectId} of incident ${incidentId}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function timeline({ incidentId, steps, moreSteps }: Incident, nowMs: number): Piece {
  if (incidentId === undefined || steps.length === 0) return undefined;
  return markup`<section aria-labelledby="steps-h">
    <h2 id="steps-h">
      Timeline of${' '}<a href=${address('incident', { type: 'incident', id: incidentId, side: 'source' })}>incident ${incidentId}</a>
    </h2>
    <p class="hint">
      The last thing that happened to each of its objects at each feed, the latest first. Times are UTC.
    </p>
    <ol class="panel timeline" reversed>
      ${steps.map((step) => stepItem(step, nowMs))}
    </ol>
    ${moreSteps && markup`<p class="hint">Only the latest ${countText(steps.length, 'step')} are shown.</p>`}
  </section>`;
}

function stepItem({ feed, key, fate, atMs, text, origin }: Step, nowMs: number): Piece {
  return markup`<li>
    <span class="when"
      >${atMs === undefined ? markup`<span class="dim">no time</span>` : markup`${moment(atMs)}<span class="dim"> ${ago(atMs, nowMs)} ago</span>`}</span
    >
    <span class="what"
      >${stateMark(TONES[fate], WORDS[fate])} ${objectLink(key)} <span class="dim">at ${feed}</span></span
    >
    <span class="how">${readable(text)}${origin !== undefined && markup`<span class="dim"> · ${origin}</span>`}</span>
  </li>`;
}
