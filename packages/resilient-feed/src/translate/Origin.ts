import type { SoarObject } from '@soar-feed/core';
import { htmlToText, readTextArea } from '../fields/richText.js';

/** The incident that another one says it came from. */
export interface Origin {
  readonly incidentId: number;
  readonly orgId?: number;
  /** As spelled by whoever wrote it. */
  readonly host?: string;
  /** When that incident was made, by its own server's clock; ms. */
  readonly createdMs?: number;
}

/** Reads an incident's references (`df_*`, written by a feed), whatever type their fields have. */
export function referencesOf(incident: SoarObject): Origin | undefined {
  const properties = incident['properties'];
  if (typeof properties !== 'object' || properties === null) return undefined;
  const given = new Map<string, unknown>(Object.entries(properties));
  const incidentId = wholeNumber(given.get('df_inc_id'));
  if (incidentId === undefined) return undefined;
  const orgId = wholeNumber(given.get('df_org_id'));
  const host = textOf(given.get('df_host'));
  const createdMs = wholeNumber(given.get('df_create_date'));
  return {
    incidentId,
    ...(orgId === undefined ? {} : { orgId }),
    ...(host === '' ? {} : { host }),
    ...(createdMs === undefined ? {} : { createdMs }),
  };
}

/** The host name in what people write as a host: without scheme, port and path, in lower case. */
export function hostOf(text: string): string {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/.*$/, '');
  const bracketed = /^\[([^\]]*)\]/.exec(bare)?.[1];
  // With more than one colon it is an IPv6 address without brackets.
  return bracketed ?? (bare.split(':').length > 2 ? bare : bare.replace(/:.*$/, ''));
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : Number(/^\d{1,15}$/.exec(textOf(value))?.[0] ?? Number.NaN);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** The text of a number, a text or a rich text. */
function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && !value.includes('<')) return value.trim();
  return htmlToText(readTextArea(value, undefined)?.text ?? '').trim();
}
