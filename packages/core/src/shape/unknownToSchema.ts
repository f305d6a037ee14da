import type { SoarObject } from '../contract/FeedEvent.js';
import type { FieldSchema, TypeSchema } from '../contract/TypeSchema.js';
import { isDataTable } from '../contract/TypeSchema.js';

/**
 * What an object has and its schema does not know: options as `type.field=id`, custom fields and columns as
 * `type.field`.
 */
export function unknownToSchema(schema: TypeSchema, object: SoarObject): readonly string[] {
  const unknown = unknownFields(schema, object).map((name) => `${schema.name}.${name}`);
  for (const field of schema.fields.values()) {
    // A select without any option has them from elsewhere: nothing to be known here.
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
    return Object.keys(object.properties ?? {}).filter((name) => !schema.fields.has(name));
  if (!isDataTable(schema)) return [];
  const columns = new Set([...schema.fields.values()].map(({ id }) => String(id)));
  return Object.keys(object.cells ?? {}).filter((id) => !columns.has(id));
}

function valueOf(field: FieldSchema, schema: TypeSchema, object: SoarObject): unknown {
  if (isDataTable(schema)) return part(part(object.cells, String(field.id)), 'value');
  return field.prefix === undefined ? object[field.name] : part(object[field.prefix], field.name);
}

function part(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : undefined;
}

function idOf(handle: unknown): unknown {
  return typeof handle === 'object' ? part(handle, 'id') : handle;
}
