import { htmlToText } from '../fields/richText.js';
import { wellFormed } from '../fields/wellFormed.js';
import type { Loss } from '../fields/TranslatedField.js';

/** Lines per list. If there are more, the last line says how many are omitted. */
const MAX_LINES = 100;
const MAX_LABEL = 200;

export interface IncidentOrigin {
  readonly host: string;
  readonly orgId: number;
  readonly incidentId: number;
}

/**
 * The note of a new target incident, as plain text (format `text`): IBM's own, then what could not be carried over. IBM
 * lists discarded custom fields; ours also lists missing values and what was put in for required ones.
 */
export function defaultNote(origin: IncidentOrigin, losses: readonly Loss[]): string {
  const fields = losses.filter(({ kind }) => kind === 'field' || kind === 'column' || kind === 'table');
  const required = losses.filter(({ kind }) => kind === 'required');
  const values = losses.filter((loss) => !fields.includes(loss) && !required.includes(loss));
  return [
    `Incident created from \nHost:${origin.host}\nOrg ${origin.orgId}\nIncident ${origin.incidentId}`,
    ...section('Discarded fields: ', fields),
    ...section('Discarded values: ', values),
    ...section('Required here, not set at the source: ', required),
  ].join('\n\n');
}

/** Only the beginning is read: the origin is there, and notes may be long. */
const BEGINNING = 4_096;

const ORIGIN = /^\s*Incident created from\s+Host:(.+?)\s+Org (\d+)\s+Incident (\d+)/s;

/** Reads the origin from such a note, also if the target gives it back as HTML. `undefined`: it is another note. */
export function originOf(text: string): IncidentOrigin | undefined {
  const [, host, orgId, incidentId] = ORIGIN.exec(htmlToText(text.slice(0, BEGINNING))) ?? [];
  return host === undefined ? undefined : { host, orgId: Number(orgId), incidentId: Number(incidentId) };
}

function section(title: string, losses: readonly Loss[]): string[] {
  if (losses.length === 0) return [];
  const lines = losses.slice(0, MAX_LINES).map(lineOf);
  const more = losses.length - lines.length;
  return [[title, ...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n')];
}

function lineOf({ name, label }: Loss): string {
  if (label === undefined) return name;
  return wellFormed(`${name}: ${label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL)}…` : label}`);
}
