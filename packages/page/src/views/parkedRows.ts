import { documentOf } from '../frame/document.js';
import { markup } from '../markup.js';
import type { Frame } from '../model/Frame.js';
import type { ParkedLine, ParkedRows } from '../model/Parked.js';
import { address } from '../parts/address.js';
import { dataTable } from '../parts/dataTable.js';
import { empty } from '../parts/empty.js';
import { ago } from '../parts/moment.js';
import { objectLink } from '../parts/objectLink.js';
import { stateMark } from '../parts/stateMark.js';
import { changeForm, remedies } from './changeForm.js';
import { PARKED_TONES } from './parked.js';

/** The rows of one cause, one by one. */
export function renderParkedRows(frame: Frame, { cause, lines, more }: ParkedRows): string {
  const { feed, state, code } = cause;
  return documentOf(frame, {
    title: `Parked: ${state}`,
    main: markup`<div class="view">
      <div class="title">
        <p class="back"><a href=${address('parked')}>All causes</a></p>
        <h1>${stateMark(PARKED_TONES[state], state)} ${code !== undefined && markup`<code>${code}</code>`}</h1>
        <p class="dim">
          ${feed === undefined ? 'Messages from the queue' : markup`Rows of <b>${feed}</b>`}, the oldest first
        </p>
      </div>
      ${
        lines.length === 0
          ? markup`<div class="panel">${empty('No row is parked for this cause any more.')}</div>`
          : changeForm(
              address('parked', { feed, state, code }),
              markup`<div class="panel">
                ${dataTable({
                  caption: 'Rows',
                  columns: [
                    { name: 'Row', long: true },
                    { name: 'Parked for' },
                    { name: 'Why', long: true },
                    { name: 'Change' },
                  ],
                  rows: lines.map((line) => [
                    nameOf(line),
                    ago(line.parkedAtMs, frame.nowMs),
                    markup`<q>${line.why}</q>`,
                    remedies(line.remedy, line.row),
                  ]),
                })}
                ${more && markup`<p class="hint more">There are more: <code>soar-feed parked export</code> writes all of them.</p>`}
              </div>`,
            )
      }
    </div>`,
  });
}

function nameOf({ row, object }: ParkedLine) {
  if (object === undefined) return markup`<code class="row-name">${row}</code>`;
  const { type, id, incidentId } = object;
  const place = type === 'incident' ? '' : markup`<span class="dim"> of incident ${incidentId}</span>`;
  return type === '*'
    ? markup`<span>all of incident ${incidentId}</span>`
    : markup`<span>${objectLink({ type, objectId: id })}${place}</span>`;
}
