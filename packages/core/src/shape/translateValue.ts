import type { FieldSchema } from '../contract/TypeSchema.js';
import { pythonIsoUtc, pythonJson } from './pythonText.js';

/** A value that fits in one column; `bigint` where a `number` cannot hold the whole number. */
export type FlatValue = string | number | bigint | boolean | null;

/**
 * One field's value as IBM's feeds write it (rc-data-feed `type_info`): labels for ids, joined lists, ISO dates, the
 * content of rich text. What does not have the form its `input_type` promises passes as it is, or as JSON text.
 */
export function translateValue(field: FieldSchema, value: unknown): FlatValue {
  if (value === null || value === undefined) return null;
  switch (field.inputType) {
    case 'select':
    case 'select_owner':
    case 'select_user':
      return labelOf(field, value);
    case 'multiselect':
    case 'multiselect_members':
      return Array.isArray(value)
        ? joined(
            value.map((item) => labelOf(field, item)),
            value,
          )
        : labelOf(field, value);
    case 'datetimepicker':
      return isoOf(value, '+00:00');
    case 'datepicker':
      return isoOf(value, '');
    case 'number':
      // Some selects are declared as numbers and come as `{id, name}` (IBM's comment in type_info).
      return plain(inner(value, 'id'));
    case 'nested_collection':
      return plain(inner(value, 'name'));
    case 'text':
    case 'textarea':
      return plain(inner(value, 'content'));
    default:
      return plain(value);
  }
}

/** A label, or what stands for it: an id without an option as text, as IBM does for ids of a message. */
function labelOf(field: FieldSchema, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const id = inner(value, 'id');
  const label = field.options.get(String(id))?.label;
  if (label !== undefined) return label;
  const name = inner(value, 'name');
  if (isRecord(value) && typeof name === 'string') return name;
  return typeof id === 'object' ? pythonJson(id) : String(id);
}

/** The items joined, or the list's JSON text where an item is no text (IBM's fallback when joining fails). */
function joined(items: readonly unknown[], list: readonly unknown[]): string {
  return items.every((item) => typeof item === 'string') ? items.join(', ') : pythonJson(list);
}

function isoOf(value: unknown, zone: string): FlatValue {
  const iso = typeof value === 'number' ? pythonIsoUtc(value) : undefined;
  return iso === undefined ? plain(value) : iso + zone;
}

function plain(value: unknown): FlatValue {
  if (typeof value !== 'object' && value !== undefined) return value as FlatValue;
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? joined(value, value) : pythonJson(value);
}

/** The named part of an object that has one, else the value itself. */
function inner(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
