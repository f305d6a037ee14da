import { documentOf } from '../frame/document.js';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import type { Frame } from '../model/Frame.js';
import { pathOf } from '../model/Frame.js';
import type { Mapping, MappingQuery, MappingRow } from '../model/Mapping.js';
import { address } from '../parts/address.js';
import { dataTable } from '../parts/dataTable.js';
import { empty } from '../parts/empty.js';
import { choice, field } from '../parts/field.js';
import { moment } from '../parts/moment.js';
import { objectLink } from '../parts/objectLink.js';
import { stateMark } from '../parts/stateMark.js';
import type { Tone } from '../parts/stateMark.js';

const TYPES = ['incident', 'task', 'note', 'artifact', 'attachment', 'milestone'];
const STATES = ['active', 'filtered', 'deleted', 'bypassed'];

/** Which object of a target stands for which object of the source. */
export function renderMapping(frame: Frame, { query, feeds, found, problem }: Mapping): string {
  return documentOf(frame, {
    title: 'Mapping',
    main: markup`<div class="view">
      <div class="title">
        <h1>Mapping</h1>
        <p class="dim">Which object of a target stands for which object of the source.</p>
      </div>
      ${searchForm(query, feeds)}
      <div id="result">
        ${problem === undefined ? resultOf(query, feeds, found) : markup`<p class="notice refused" role="alert"><span>${problem}</span></p>`}
      </div>
    </div>`,
  });
}

function searchForm({ feed, type, state, incident, id, side }: MappingQuery, feeds: readonly string[]): Piece {
  const any = ['', 'any'] as const;
  return markup`<form
    class="panel search"
    method="get"
    action=${pathOf('mapping')}
    role="search"
    aria-label="Search the mapping"
  >
    ${field({ id: 'm-incident', name: 'incident', label: 'Incident', value: incident, digits: true })}
    ${field({ id: 'm-id', name: 'id', label: 'Object id', value: id })}
    ${choice({
      ...{ id: 'm-side', name: 'side', label: 'Ids of', value: side },
      options: [
        ['source', 'the source'],
        ['target', 'the target'],
      ],
    })}
    ${field({ id: 'm-type', name: 'type', label: 'Type', value: type, known: TYPES })}
    ${choice({ id: 'm-state', name: 'state', label: 'State', value: state, options: [any, ...STATES.map((one) => [one, one] as const)] })}
    ${feeds.length > 1 && choice({ id: 'm-feed', name: 'feed', label: 'Feed', value: feed, options: [any, ...feeds.map((one) => [one, one] as const)] })}
    <button type="submit" class="primary">Search</button>
  </form>`;
}

function resultOf(query: MappingQuery, feeds: readonly string[], found: Mapping['found']): Piece {
  if (feeds.length === 0)
    return markup`<div class="panel">${empty('No feed has a mapping.', 'Their targets remember no counterparts.')}</div>`;
  if (found === undefined)
    return markup`<div class="panel">
      ${empty('Search for an incident, an id, a type or a state.', 'An empty search lists everything, a hundred at a time.')}
    </div>`;
  if (found.rows.length === 0) return markup`<div class="panel">${empty('No mapping has such an object.')}</div>`;
  const { page, ...rest } = query;
  return markup`<div class="panel">
    ${resultTable(found.rows)}
    <p class="pages">
      ${page > 1 && markup`<a href=${address('mapping', { ...rest, page: page - 1 })}>Previous 100</a>`}
      <span class="dim">${(page - 1) * 100 + 1} to ${(page - 1) * 100 + found.rows.length}</span>
      ${found.more && markup`<a href=${address('mapping', { ...rest, page: page + 1 })}>Next 100</a>`}
    </p>
  </div>`;
}

function resultTable(rows: readonly MappingRow[]): Piece {
  const severalFeeds = rows.some(({ feed }) => feed !== rows[0]?.feed);
  const none = markup`<span class="dim">–</span>`;
  return dataTable({
    caption: 'Objects of the source and their counterparts',
    columns: [
      { name: 'Source' },
      { name: 'Of incident', number: true },
      { name: 'State' },
      { name: 'Target', long: true },
      { name: 'Of incident there', number: true },
      { name: 'Written (UTC)' },
      { name: 'Remarks', long: true },
      ...(severalFeeds ? [{ name: 'Feed' }] : []),
    ],
    rows: rows.map(({ feed, key, state, ref, refIncident, writtenAtMs, marks }) => [
      objectLink(key),
      key.incidentId,
      stateMark(toneOf(state), state),
      ref === undefined ? none : `${key.type} ${ref}`,
      refIncident ?? none,
      writtenAtMs === undefined ? none : moment(writtenAtMs),
      marks.length === 0 ? none : marks.join('; '),
      ...(severalFeeds ? [feed] : []),
    ]),
  });
}

/** The words of targets; others are possible. */
function toneOf(state: string): Tone {
  return state === 'active' ? 'good' : 'idle';
}
