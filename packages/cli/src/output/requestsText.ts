import { writeJson } from '@soar-feed/core';
import type { PlannedField, PlannedRequest } from '@soar-feed/core';
import type { Plan, PlannedFeed, PlannedStep } from '@soar-feed/core/runtime';

/** Longest value in a line. */
const WIDTH = 100;

/** A plan for people: each object with what would be sent for it, field by field. */
export function requestsText({ feeds, unknown, faults, deletions }: Plan): string {
  const lines = [
    ...unknown.map(
      (id) => `Incident ${id} is neither in the source nor known to a feed; "soar-feed map" lists those known.`,
    ),
    ...faults.map(({ message }) => `Could not be read from the source: ${message}`),
    ...(deletions?.refused === true
      ? [
          `More than ${deletions.allowed} objects are gone at the source: a reload deletes none. Allow it with --allow-deletes.`,
        ]
      : []),
  ];
  return [...feeds.map(feedText), ...lines.map((line) => `${line}\n`)].join('\n');
}

function feedText({ name, type, shows, incidents }: PlannedFeed): string {
  const steps = incidents.flatMap((incident) => incident.steps);
  const how = shows === 'events' ? ', which decides itself what it writes' : '';
  const own = steps.flatMap(stepLines);
  return [`Feed ${name} (${type})${how}: ${totals(steps, shows)}`, ...own].map((line) => `${line}\n`).join('');
}

function totals(steps: readonly PlannedStep[], shows: PlannedFeed['shows']): string {
  const requests = steps.reduce((sum, step) => sum + step.requests.length, 0);
  const counts = new Map<string, number>();
  for (const { outcome } of steps) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const ends = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  const sent = shows === 'events' ? '' : `${requests} ${requests === 1 ? 'request' : 'requests'}; `;
  return `${sent}${ends === '' ? 'nothing' : ends}`;
}

function stepLines({ key, operation, outcome, reason, requests }: PlannedStep): readonly string[] {
  const place = key.type === 'incident' ? '' : ` of incident ${key.incidentId}`;
  const what = operation === 'delete' ? ', which is gone at the source' : '';
  const why = reason === undefined ? '' : `: ${reason}`;
  return [`  ${key.type} ${key.objectId}${place}${what} - ${outcome}${why}`, ...requests.flatMap(requestLines)];
}

function requestLines({ method, path, query = {}, file, makes, fields, remark }: PlannedRequest): readonly string[] {
  const asked = Object.entries(query).map(([name, value]) => `${name}=${String(value)}`);
  const made = makes === undefined ? '' : `  makes ${makes}`;
  const size = file?.size === undefined ? '' : `, ${file.size} bytes`;
  return [
    `    ${method} ${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}${made}`,
    ...(file === undefined ? [] : [`      the file ${JSON.stringify(file.name)}${size}`]),
    ...fields.map((field) => `      ${fieldText(field)}`),
    ...(remark === undefined ? [] : [`      (${remark})`]),
  ];
}

function fieldText({ name, value, before }: PlannedField): string {
  const was = before === undefined ? '' : `${valueText(before)} -> `;
  return `${name}: ${was}${valueText(value)}`;
}

/** As JSON, so that no value can do anything to a terminal. */
function valueText(value: unknown): string {
  const text = value === null || value === undefined ? 'nothing' : escaped(writeJson(value));
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}... (${text.length} characters)`;
}

function escaped(text: string): string {
  return text.replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
