import { isShownField } from '../contract/shownFields.js';
import type { FieldSchema, SelectOption, TypeSchema } from '../contract/TypeSchema.js';
import { ownValue } from './ownValue.js';

/**
 * A message's `type_info` carries the labels of the options in use at the moment of the event: they win over what
 * `GET /types` says now, and know options that were added since. Fields without options in the message stay shared.
 */
export function withMessageLabels(schema: TypeSchema, typeInfo: unknown): TypeSchema {
  const described = fieldsIn(typeInfo, schema);
  const labelled = new Map<string, FieldSchema>();
  for (const [name, info] of Object.entries(described)) {
    const field = schema.fields.get(name);
    const values = Object.values(asRecord(asRecord(info).values));
    if (field === undefined || values.length === 0) continue;
    const options = new Map(field.options);
    for (const value of values) addOption(options, asRecord(value));
    labelled.set(name, { ...field, options });
  }
  return labelled.size === 0 ? schema : { ...schema, fields: new Map([...schema.fields, ...labelled]) };
}

/** Field names in the message that the schema does not know: the catalog is behind. */
export function unknownFields(schema: TypeSchema, typeInfo: unknown): readonly string[] {
  return Object.keys(fieldsIn(typeInfo, schema)).filter(
    (name) => !schema.fields.has(name) && !(schema.name === 'incident' && isShownField(name)),
  );
}

function fieldsIn(typeInfo: unknown, schema: TypeSchema): Record<string, unknown> {
  // A message may name an internal type with its underscores.
  const own = ownValue(typeInfo, schema.name) ?? ownValue(typeInfo, `__${schema.name}`);
  return asRecord(ownValue(own, 'fields'));
}

function addOption(
  options: Map<string, SelectOption>,
  { value, label, enabled, properties }: Record<string, unknown>,
): void {
  if ((typeof value !== 'number' && typeof value !== 'string') || typeof label !== 'string') return;
  options.set(String(value), {
    value,
    label,
    enabled: enabled !== false,
    ...(typeof properties === 'object' && properties !== null
      ? { properties: properties as Record<string, unknown> }
      : {}),
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
