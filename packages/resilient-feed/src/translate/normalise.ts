import { writeJson } from '@soar-feed/core';
import { isEmpty } from '../fields/isEmpty.js';
import { normaliseRichText } from './normaliseRichText.js';
import { toHtml } from '../fields/richText.js';
import type { RichText, TranslatedField } from '../fields/TranslatedField.js';

export { normaliseRichText };

/**
 * Whether the target's `current` value (as GET, a search or a PATCH conflict shows it) is what we would write. Handles
 * may be ids or `{id, name}`, rich text a string or an object, a multiselect in any order, HTML in any spelling; unset
 * and empty are the same.
 */
export function equalValues(field: Pick<TranslatedField, 'inputType'>, current: unknown, ours: unknown): boolean {
  if (isEmpty(current) || isEmpty(ours)) return isEmpty(current) && isEmpty(ours);
  if (field.inputType === 'textarea') return equalText(current, ours);
  if (Array.isArray(current) && Array.isArray(ours)) return idsText(current) === idsText(ours);
  return idOf(current) === idOf(ours);
}

/** A plain text area (we send a string) is compared as it is, except for line ends; rich text as it is shown. */
function equalText(current: unknown, ours: unknown): boolean {
  const now = typeof current === 'string' ? current : (current as RichText).content;
  if (typeof ours === 'string') return now.replaceAll(/\r\n?/g, '\n') === ours.replaceAll(/\r\n?/g, '\n');
  const shown = typeof current === 'string' ? current : toHtml(current as RichText);
  const wanted = ours as RichText;
  if (normaliseRichText(shown) === normaliseRichText(toHtml(wanted))) return true;
  // A server may keep the line ends of a text instead of turning them into tags.
  return (
    wanted.format === 'text' &&
    normaliseRichText(shown) === normaliseRichText(toHtml(wanted).replaceAll('<br />', '\n'))
  );
}

function idsText(values: readonly unknown[]): string {
  return JSON.stringify([...new Set(values.map((value) => writeJson(idOf(value))))].sort());
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}
