import type { SoarObject } from '../contract/FeedEvent.js';
import type { FieldSchema, TypeSchema } from '../contract/TypeSchema.js';
import { isShownField } from '../contract/shownFields.js';
import { isDataTable } from '../contract/TypeSchema.js';
import { ownValue as own } from './ownValue.js';

/**
 * What an object has but its schema does not know: options as `type.field=id`, custom fields and columns as
 * `type.field`.
 */
export function unknownToSchema(schema: TypeSchema, object: SoarObject): readonly string[] {
  const unknown = unknownFields(schema, object).map((name) => `${schema.name}.${name}`);
  for (const field of schema.fields.values()) {
    // A select without any option gets its options from elsewhere, so none can be unknown here.
    if (!/^(?:multi)?select/.test(field.inputType) || field.options.size === 0) continue;
    for (const id of [valueOf(field, schema, object)].flat().map(idOf)) {
      const isId = typeof id === 'number' || typeof id === 'string';
      if (isId && !field.options.has(String(id))) unknown.push(`${schema.name}.${field.name}=${id}`);
    }
  }
  return unknown;
}

function unknownFields(schema: TypeSchema, object: SoarObject): readonly string[] {
  if (schema.name === 'incident')
    return namesIn(object.properties).filter((name) => !schema.fields.has(name) && !isShownField(name));
  if (!isDataTable(schema)) return [];
  const columns = new Set([...schema.fields.values()].map(({ id }) => String(id)));
  return namesIn(object.cells).filter((id) => !columns.has(id));
}

function namesIn(holder: unknown): readonly string[] {
  return typeof holder === 'object' && holder !== null ? Object.keys(holder) : [];
}

function valueOf(field: FieldSchema, schema: TypeSchema, object: SoarObject): unknown {
  if (isDataTable(schema)) return own(own(object.cells, String(field.id)), 'value');
  return own(field.prefix === undefined ? object : own(object, field.prefix), field.name);
}

function idOf(handle: unknown): unknown {
  return typeof handle === 'object' ? own(handle, 'id') : handle;
}
