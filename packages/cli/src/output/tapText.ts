import type { TapLine } from '../tap/TapLine.js';

/** A line of the stream for people; `''`: nothing to say. */
export function tapText(line: TapLine): string {
  switch (line.kind) {
    case 'event':
      return `${eventText(line)}\n`;
    case 'dropped':
      return `… ${line.events} events were left out here: they came faster than they could be shown.\n`;
    case 'end':
      return 'The host stops.\n';
    case 'listening':
      return '';
  }
}

/** `14:02:11.123  mirror  note 420 of incident 2100  updated  84 ms`. */
function eventText(event: Extract<TapLine, { kind: 'event' }>): string {
  const { atMs, feed = 'queue', type, objectId, incidentId, operation, origin, outcome, code, ms, fields } = event;
  const place = type === 'incident' ? '' : ` of incident ${incidentId}`;
  const what = `${operation === 'delete' ? 'delete of ' : ''}${type} ${objectId}${place}`;
  return [
    new Date(atMs).toISOString().slice(11, 23),
    feed,
    what,
    code === undefined ? outcome : `${outcome} [${code}]`,
    ...(ms === undefined ? [] : [`${Math.round(ms)} ms`]),
    ...(origin === 'queue' ? [] : [`(${origin})`]),
    ...(fields === undefined ? [] : [fields.length === 0 ? 'no field changed' : `fields: ${fields.join(', ')}`]),
  ].join('  ');
}
