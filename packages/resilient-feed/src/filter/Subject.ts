import type { FeedEvent, FieldSchema } from '@soar-feed/core';
import { chosenOptions } from '../fields/chosenOptions.js';
import { emailsOf } from '../fields/emailsOf.js';
import { isEmpty } from '../fields/isEmpty.js';
import { htmlToText, readTextArea } from '../fields/richText.js';
import type { FoundField } from './findField.js';

/** One value of a field, in the forms that a clause can compare. */
export type Item =
  | { readonly kind: 'text'; readonly texts: readonly string[] }
  /** `texts`: the e-mail address of a person, then the label. */
  | { readonly kind: 'choice'; readonly texts: readonly string[]; readonly id?: string; readonly email?: string }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** ms since the epoch. */
  | { readonly kind: 'date'; readonly ms: number };

/** What a clause is tested on. No items: the field is unset. */
export interface Subject {
  readonly items: readonly Item[];
  /** A multiselect: a clause holds if it holds for one of the items. */
  readonly multiple: boolean;
}

/** Reads a field's value by the field's type, or by the value itself if no schema lists the field. */
export function toSubject(found: FoundField | undefined, event: FeedEvent): Subject {
  if (found === undefined || isEmpty(found.value)) return { items: [], multiple: false };
  const { value, schema } = found;
  const type = schema?.inputType ?? 'unlisted';
  if (type.startsWith('select') || type.startsWith('multiselect')) {
    return { items: choices(value, schema, event), multiple: type.startsWith('multiselect') };
  }
  if (Array.isArray(value)) return { items: value.flatMap((item: unknown) => plainItem(item)), multiple: true };
  if (type === 'datepicker' || type === 'datetimepicker') return { items: dateItem(value), multiple: false };
  if (type === 'textarea' || isTextArea(value)) return { items: textAreaItem(value, schema), multiple: false };
  return { items: plainItem(value), multiple: false };
}

/** The platform's codes, in case a schema lacks their labels. */
const STATUS = new Map([
  ['A', 'Active'],
  ['C', 'Closed'],
]);

function choices(value: unknown, schema: FieldSchema | undefined, event: FeedEvent): Item[] {
  return chosenOptions(value, schema).map(({ id, label: known }) => {
    const label =
      schema?.name === 'plan_status' && (known === undefined || known === id) ? STATUS.get(String(id)) : known;
    const text = label ?? (schema?.name === 'workspace' ? event.workspace : undefined);
    const email = text === undefined ? undefined : emailsOf(text)[0];
    return {
      kind: 'choice',
      texts: [...(email === undefined ? [] : [email]), ...(text === undefined ? [] : [text])],
      ...(id === undefined ? {} : { id: String(id) }),
      ...(email === undefined ? {} : { email }),
    };
  });
}

function dateItem(value: unknown): Item[] {
  const ms = typeof value === 'string' ? Date.parse(value) : typeof value === 'bigint' ? Number(value) : value;
  return typeof ms === 'number' && Number.isFinite(ms) ? [{ kind: 'date', ms }] : [];
}

/** The text as it is stored, and as a person reads it. */
function textAreaItem(value: unknown, schema: FieldSchema | undefined): Item[] {
  const area = readTextArea(value, schema);
  if (area === undefined) return [];
  return [{ kind: 'text', texts: area.html ? [area.text, htmlToText(area.text)] : [area.text] }];
}

function isTextArea(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'content' in value;
}

function plainItem(value: unknown): Item[] {
  if (typeof value === 'number' || typeof value === 'bigint') return [{ kind: 'number', value }];
  if (typeof value === 'boolean') return [{ kind: 'boolean', value }];
  if (typeof value === 'string') return [{ kind: 'text', texts: [value] }];
  return [];
}
