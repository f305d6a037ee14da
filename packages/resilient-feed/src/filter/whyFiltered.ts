import type { FeedEvent } from '@soar-feed/core';
import { compareClause } from './compareClause.js';
import type { Clause, Criteria } from './Criteria.js';
import { findField } from './findField.js';
import { matchIncident } from './matchIncident.js';
import { toSubject } from './Subject.js';
import type { Item } from './Subject.js';

/** For people: which clauses keep an incident out, and what it has instead; `undefined`: it matches. */
export function whyFiltered(criteria: Criteria, event: FeedEvent): string | undefined {
  if (matchIncident(criteria, event)) return undefined;
  const failing = criteria.clauses.filter(
    (clause) => !compareClause(clause, toSubject(findField(clause, event), event)),
  );
  const clauses = failing.map((clause) => `"${clause.text}" (the incident has ${valueText(clause, event)})`).join(', ');
  return criteria.combine === 'any'
    ? `no clause of matching_incident_fields holds: ${clauses}`
    : `matching_incident_fields: ${clauses} ${failing.length === 1 ? 'does' : 'do'} not hold`;
}

/** For people: which clauses let an incident in that matches. */
export function whyFed(criteria: Criteria, event: FeedEvent): string {
  const holding = criteria.clauses.filter((clause) =>
    compareClause(clause, toSubject(findField(clause, event), event)),
  );
  const shown = criteria.combine === 'any' ? holding.slice(0, 1) : holding;
  if (shown.length === 0) return 'there is no filter';
  const clauses = shown.map((clause) => `"${clause.text}" (the incident has ${valueText(clause, event)})`).join(', ');
  return `${clauses} ${shown.length === 1 ? 'holds' : 'hold'}`;
}

function valueText(clause: Clause, event: FeedEvent): string {
  const found = findField(clause, event);
  if (found === undefined) return 'no such field';
  const { items } = toSubject(found, event);
  return items.length === 0 ? 'no value' : items.map(itemText).join(', ');
}

/** Longest value in a message. */
const SHOWN = 80;

function itemText(item: Item): string {
  switch (item.kind) {
    case 'text':
      return short(item.texts.at(-1) ?? '');
    case 'choice':
      return short(item.texts[0] ?? item.id ?? '');
    case 'date':
      return new Date(item.ms).toISOString();
    case 'number':
    case 'boolean':
      return String(item.value);
  }
}

function short(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
