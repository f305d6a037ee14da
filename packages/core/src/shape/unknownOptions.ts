import type { SoarObject } from '../contract/FeedEvent.js';
import type { FieldSchema, TypeSchema } from '../contract/TypeSchema.js';
import { isDataTable } from '../contract/TypeSchema.js';

/** The options that an object has and its schema does not know, each as `type.field=id`. */
export function unknownOptions(schema: TypeSchema, object: SoarObject): readonly string[] {
  const unknown: string[] = [];
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
