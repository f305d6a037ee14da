import type { PatchChange, PatchValue } from '@soar-feed/soar-client';
import type { RichText, TranslatedField } from '../fields/TranslatedField.js';

/** How the target wants custom fields named in a PATCH; both are seen in IBM's clients (unconfirmed which is canonical). */
export interface PatchBehaviour {
  readonly customFieldAs: 'bare' | 'prefixed';
}

/** The object as POST and PUT take it: sections as nested objects. */
export function toBody(fields: readonly TranslatedField[]): Record<string, unknown> {
  const body = new Map<string, unknown>();
  for (const { name, prefix, value } of fields) {
    if (prefix === undefined) body.set(name, value);
    else body.set(prefix, { ...(body.get(prefix) as object | undefined), [name]: value });
  }
  return Object.fromEntries(body);
}

/** A data table's row: cells by column name. Cells left out may be kept or cleared (unconfirmed): send them all. */
export function toRowBody(fields: readonly TranslatedField[]): { readonly cells: Record<string, { value: unknown }> } {
  return { cells: Object.fromEntries(fields.map((field) => [field.name, { value: field.value }])) };
}

/**
 * Changes for a PATCH without version, where the platform does not compare `old_value`; it must be there nonetheless.
 * Leaves out what can only be created (`createOnly`) and what a PATCH may not know (`unlisted`): send that by PUT.
 */
export function toPatchChanges(fields: readonly TranslatedField[], behaviour: PatchBehaviour): PatchChange[] {
  return fields.filter((field) => !field.createOnly && !field.unlisted).map((field) => toPatchChange(field, behaviour));
}

function toPatchChange(field: TranslatedField, behaviour: PatchBehaviour): PatchChange {
  const prefixed = field.prefix === 'properties' && behaviour.customFieldAs === 'prefixed';
  return {
    field: prefixed ? `properties.${field.name}` : field.name,
    old_value: toHolder(field.inputType, null),
    new_value: toHolder(field.inputType, field.value),
  };
}

/** Exactly one holder, by the field's type; `null` in it clears the field. */
function toHolder(inputType: string, value: unknown): PatchValue {
  switch (inputType) {
    case 'boolean':
      return { boolean: (value as boolean | null) ?? null };
    case 'number':
      return { number: (value as number | bigint | null) ?? null };
    case 'datepicker':
    case 'datetimepicker':
      return { date: (value as number | bigint | null) ?? null };
    case 'select':
    case 'select_owner':
      return { id: (value as number | string | null) ?? null };
    case 'multiselect':
    case 'multiselect_members':
      return { ids: (value as readonly (number | string)[] | null) ?? [] };
    case 'textarea':
      return { textarea: toTextarea(value) };
    default:
      return { text: (value as string | null) ?? null };
  }
}

/** The holder of a text area always names a format; a plain one is text. */
function toTextarea(value: unknown): RichText | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? { format: 'text', content: value } : (value as RichText);
}
