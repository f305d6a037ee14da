import { writeJson } from '@soar-feed/core';
import { isEmpty } from '../fields/isEmpty.js';
import { canonicalHtml } from './normaliseRichText.js';
import { toHtml } from '../fields/richText.js';
import { shortHash } from '../fields/shortHash.js';
import { fieldKey } from '../fields/TranslatedField.js';
import type { RichText, TranslatedField } from '../fields/TranslatedField.js';

/**
 * A short hash per field (`section.name`) of what would be sent. Equal for a multiselect in another order and for HTML
 * that is spelled differently; unset and empty are the same. Omits fields that are only sent at create.
 */
export function fieldDigests(fields: readonly TranslatedField[]): Record<string, string> {
  const kept = fields.filter((field) => !field.createOnly);
  return Object.fromEntries(kept.map((field) => [fieldKey(field), shortHash(canonical(field))]));
}

/** A value whose JSON is equal if and only if the values mean the same. */
function canonical({ value }: TranslatedField): unknown {
  if (isEmpty(value)) return null;
  if (Array.isArray(value)) return [...new Set(value.map((item) => writeJson(item)))].sort();
  if (isRichText(value)) return { html: canonicalHtml(toHtml(value)) };
  return value;
}

function isRichText(value: unknown): value is RichText {
  return typeof value === 'object' && value !== null && 'format' in value && 'content' in value;
}
