import { TIME_SERIES } from '@soar-feed/core';
import type { FieldSchema, TypeSchema } from '@soar-feed/core';

/** How a field is indexed. */
export type Property = Readonly<Record<string, unknown>> & { readonly type?: string };

export type Properties = ReadonlyMap<string, Property>;

/** The longest value whose UTF-8 bytes always fit into one term (32,766 bytes), in characters. */
const KEYWORD_LENGTH = 8_191;

/** Text to search in, and as a whole to sort and group by. */
const TEXT: Property = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: KEYWORD_LENGTH } } };
/** A value of another kind is kept, but not indexed: the document is never refused for it. */
const LONG: Property = { type: 'long', ignore_malformed: true };
const DATE: Property = { type: 'date', format: 'strict_date_optional_time', ignore_malformed: true };
const BOOLEAN: Property = { type: 'boolean' };
const BINARY: Property = { type: 'binary' };

/** What the feed itself notes in a document. */
const OURS: Property = {
  type: 'object',
  properties: {
    org_id: { type: 'long' },
    observed_at: { type: 'date', format: 'epoch_millis' },
    stamp_kind: { type: 'keyword' },
    stamp: { type: 'long' },
    deleted: { type: 'boolean' },
  },
};

/** Columns that IBM's flat form adds to the fields of a type. */
const ADDED: Properties = new Map([
  ['id', LONG],
  ['inc_id', LONG],
  ['org_id', LONG],
  ['task_id', LONG],
  ['content', BINARY],
  ['soar_feed', OURS],
]);

/** The index of what was deleted. */
export const TOMBSTONE: Properties = new Map<string, Property>([
  ['org_id', { type: 'long' }],
  ['type', { type: 'keyword' }],
  ['object_id', { type: 'long' }],
  ['inc_id', { type: 'long' }],
  ['observed_at', { type: 'date', format: 'epoch_millis' }],
]);

/** The properties of a document with these names, by the fields of its type. */
export function propertiesOf(schema: TypeSchema, names: Iterable<string>): Properties {
  return new Map([...names].map((name) => [name, propertyOf(schema, name)]));
}

function propertyOf(schema: TypeSchema, name: string): Property {
  if (name === 'id' || name === 'inc_id' || name === 'soar_feed') return ADDED.get(name) as Property;
  const field = schema.fields.get(name);
  if (field !== undefined) return ofField(field);
  return ADDED.get(name) ?? (name.startsWith(TIME_SERIES) ? LONG : TEXT);
}

function ofField({ inputType }: FieldSchema): Property {
  switch (inputType) {
    case 'number':
      return LONG;
    case 'boolean':
      return BOOLEAN;
    case 'datepicker':
    case 'datetimepicker':
      return DATE;
    default:
      return TEXT;
  }
}

/** How many of the index's fields the properties take: sub-fields and inner fields count, too. */
export function fieldCount(properties: Iterable<Property>): number {
  let count = 0;
  for (const { fields, properties: inner } of properties) {
    count += 1;
    for (const more of [fields, inner])
      if (more !== undefined) count += fieldCount(Object.values(more as object) as Property[]);
  }
  return count;
}
