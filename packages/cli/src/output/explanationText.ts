import type { Comparison } from '@soar-feed/core';
import type { Explanation, Facts } from '../explain/Facts.js';
import { timeText } from './timeText.js';

/** An explanation for people: the sentence first, then what it rests on. */
export function explanationText(explanation: Explanation): string {
  const { key, feed, verdict, askedAs, record } = explanation;
  const place = key.type === 'incident' ? '' : ` of incident ${key.incidentId}`;
  const there = askedAs === 'target' ? `, which is ${key.type} ${record?.ref ?? '-'} in the target` : '';
  const lines = groundsOf(explanation).map(([name, value]) => `  ${`${name}:`.padEnd(10)}${value}\n`);
  return `${feed}: ${key.type} ${key.objectId}${place} (organization ${key.orgId})${there}\n  ${verdict}\n${lines.join('')}`;
}

/** What an explanation rests on, as name and value. */
export function groundsOf({
  settled,
  outcome,
  parked,
  now,
  reloadedAtMs,
}: Facts): readonly (readonly [string, string])[] {
  const [row] = parked;
  return [
    ...(settled === undefined
      ? []
      : [
          [
            'Received',
            `${originOf(settled.eventId)}, ${settled.outcome} on ${timeText(settled.settledAtMs)}${because(outcome?.reason)}`,
          ] as const,
        ]),
    ...(settled?.stamp === undefined
      ? []
      : [['Snapshot', `${settled.stamp.kind} ${settled.stamp.value}${settled.deleted ? ', a delete' : ''}`] as const]),
    ...(row?.eventId === undefined
      ? []
      : [['Waiting', `${originOf(row.eventId)}, seen at the source on ${timeText(row.observedAtMs)}`] as const]),
    ...(reloadedAtMs === undefined
      ? []
      : [['Reload', `last complete one began on ${timeText(reloadedAtMs)}`] as const]),
    ...(now === undefined ? [] : [['Source', now.source === 'there' ? 'has it now' : 'does not have it now'] as const]),
    ...(now?.comparison === undefined ? [] : [['Target', comparisonText(now.comparison)] as const]),
  ];
}

/** What brought an event here. */
export function originOf(eventId: string): string {
  if (eventId.startsWith('reload:') || eventId.startsWith('resync:')) return `by a reload (${eventId})`;
  if (eventId.startsWith('discover:')) return 'fetched from the source for an object that waited for it';
  if (eventId.startsWith('replay:')) return 'read again for a parked row';
  return `by the queue (message ${eventId})`;
}

/** What a comparison says, in words. */
export function comparisonText({ verdict, reason, fields = [] }: Comparison): string {
  switch (verdict) {
    case 'equal':
      return 'is equal';
    case 'differs':
      return fields.length === 0
        ? `differs${because(reason)}`
        : `differs in ${fields.map(({ name }) => name).join(', ')}`;
    case 'missing':
      return `does not have it${because(reason)}`;
    case 'extra':
      return `has it, and should not${because(reason)}`;
    case 'left-out':
      return `leaves it out${because(reason)}`;
  }
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : ` (${reason})`;
}
