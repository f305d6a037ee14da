import type { FieldSchema, SelectOption, TypeSchema } from '../contract/TypeSchema.js';

/** The parts of IBM's TypeDTO that a feed reads; `fields` is a map, or a list on old servers. */
export interface TypeDescription {
  readonly id: number;
  readonly type_id: number;
  readonly type_name: string;
  readonly display_name?: string | null;
  readonly parent_types?: readonly string[] | null;
  readonly fields?: Readonly<Record<string, FieldDescription>> | readonly FieldDescription[] | null;
}

/** The parts of IBM's FieldDTO that a feed reads. */
export interface FieldDescription {
  readonly id: number;
  readonly name: string;
  readonly text?: string | null;
  readonly prefix?: string | null;
  readonly input_type: string;
  readonly required?: string | null;
  readonly internal?: boolean | null;
  readonly read_only?: boolean | null;
  readonly rich_text?: boolean | null;
  readonly values?: readonly OptionDescription[] | null;
}

interface OptionDescription {
  readonly value: number | string;
  readonly label?: string | null;
  readonly enabled?: boolean | null;
  readonly properties?: Readonly<Record<string, unknown>> | null;
}

/** Reads a type as `GET /types` gives it. */
export function toTypeSchema(type: TypeDescription): TypeSchema {
  const fields = Object.values(type.fields ?? {}).map((field) => toFieldSchema(field, type.type_name));
  return {
    name: type.type_name,
    id: type.id,
    kind: type.type_id,
    displayName: type.display_name ?? type.type_name,
    parentTypes: type.parent_types ?? [],
    fields: new Map(fields.map((field) => [field.name, field])),
  };
}

function toFieldSchema(field: FieldDescription, typeName: string): FieldSchema {
  const prefix = field.prefix ?? defaultPrefix(field, typeName);
  return {
    name: field.name,
    id: field.id,
    label: field.text ?? field.name,
    inputType: field.input_type,
    ...(prefix === undefined ? {} : { prefix }),
    ...(field.required === 'always' || field.required === 'close' ? { required: field.required } : {}),
    readOnly: field.read_only === true,
    internal: field.internal === true,
    richText: field.rich_text === true,
    options: new Map((field.values ?? []).map((option) => [String(option.value), toOption(option)])),
  };
}

/** Very old servers left the prefix of custom incident fields empty (samples of an old server; resilient-python-api). */
function defaultPrefix(field: FieldDescription, typeName: string): string | undefined {
  return typeName === 'incident' && field.internal === false ? 'properties' : undefined;
}

function toOption(option: OptionDescription): SelectOption {
  return {
    value: option.value,
    label: option.label ?? '',
    enabled: option.enabled !== false,
    ...(option.properties ? { properties: option.properties } : {}),
  };
}
