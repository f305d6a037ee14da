import type { PatchChange, PatchValue } from '@soar-feed/soar-client';
import type { RichText, TranslatedField } from '../fields/TranslatedField.js';

/** How the target names custom fields in a PATCH. IBM's clients use both (unconfirmed which is canonical). */
export interface PatchBehaviour {
  readonly customFieldAs: 'bare' | 'prefixed';
}

/** The body of a POST or PUT: sections are nested objects. */
export function toBody(fields: readonly TranslatedField[]): Record<string, unknown> {
  const body = new Map<string, unknown>();
  for (const { name, prefix, value } of fields) {
    if (prefix === undefined) body.set(name, value);
    else body.set(prefix, { ...(body.get(prefix) as object | undefined), [name]: value });
  }
  return Object.fromEntries(body);
}

/**
 * The body of a data table row: cells by column name. Omitted cells may be kept or cleared (unconfirmed), so all are
 * sent.
 */
export function toRowBody(fields: readonly TranslatedField[]): { readonly cells: Record<string, { value: unknown }> } {
  return { cells: Object.fromEntries(fields.map((field) => [field.name, { value: field.value }])) };
}

/**
 * Changes for a PATCH without version. The platform then does not compare `old_value`, but requires it. Omits fields
 * that can only be created (`createOnly`) and those that PATCH may not know (`unlisted`): the latter are sent by PUT.
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

/** The value in exactly one holder, by the field's type. `null` in it clears the field. */
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

/** A text area always names its format. A plain one is text. */
function toTextarea(value: unknown): RichText | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? { format: 'text', content: value } : (value as RichText);
}
