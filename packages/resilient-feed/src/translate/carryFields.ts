import type { FeedEvent, FieldSchema, TypeSchema } from '@soar-feed/core';
import type { ExcludedFields } from '../fields/ExcludedFields.js';
import { convertValue } from './convertValue.js';
import type { FieldLosses } from './FieldLosses.js';
import { isEmpty } from '../fields/isEmpty.js';
import { isNeverWritten } from './neverWritten.js';
import { sectionOf } from './sectionOf.js';
import type { TargetCatalog } from './TargetCatalog.js';
import type { TranslatedField } from '../fields/TranslatedField.js';

/** Carries over every field of the payload, in sections too, that the target's type has and a client may set. */
export function carryFields(
  event: FeedEvent,
  target: TypeSchema,
  catalog: TargetCatalog,
  losses: FieldLosses,
  exclude: ExcludedFields,
): TranslatedField[] {
  const fields: TranslatedField[] = [];
  const carry = (name: string, value: unknown, prefix?: string): void => {
    if (value === undefined || exclude.has(name, prefix)) return;
    const source = fieldOf(event.schema, name, prefix);
    const field = fieldOf(target, name, prefix);
    const label = lossName(name, prefix);
    if (field === undefined) {
      const wasSet = !isEmpty(value) && source?.readOnly !== true;
      if (wasSet && (source !== undefined || prefix === 'properties')) losses.add('field', label);
      return;
    }
    if (field.readOnly) return;
    const converted = convertValue(value, source, { catalog, type: target.name, field, label, losses });
    if (converted === undefined) return;
    fields.push({ name, ...(prefix === undefined ? {} : { prefix }), inputType: field.inputType, value: converted });
  };

  const sections = [sectionsOf(event.schema), sectionsOf(target)];
  for (const [name, value] of Object.entries(event.payload)) {
    if (sections.some((names) => names.has(name))) {
      for (const [inner, innerValue] of Object.entries(sectionOf(value))) carry(inner, innerValue, name);
    } else if (!isNeverWritten(name)) carry(name, value);
  }
  return fields;
}

/** IBM's list of discarded fields names custom fields without their section. */
export function lossName(name: string, prefix: string | undefined): string {
  return prefix === undefined || prefix === 'properties' ? name : `${prefix}.${name}`;
}

/** `data_compromised` exists in `pii` and, no longer in use, at the top level: the section must agree. */
function fieldOf(schema: TypeSchema, name: string, prefix: string | undefined): FieldSchema | undefined {
  const field = schema.fields.get(name);
  return field?.prefix === prefix ? field : undefined;
}

const known = new WeakMap<TypeSchema, ReadonlySet<string>>();

/** Asked for every object; a type has hundreds of fields. */
function sectionsOf(schema: TypeSchema): ReadonlySet<string> {
  const names = known.get(schema);
  if (names !== undefined) return names;
  const prefixes = [...schema.fields.values()].map((field) => field.prefix).filter((prefix) => prefix !== undefined);
  const sections = new Set([...prefixes, 'properties']);
  known.set(schema, sections);
  return sections;
}
