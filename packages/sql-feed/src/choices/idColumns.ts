import type { FeedEvent, FlatValue, TypeSchema } from '@soar-feed/core';
import type { WantedField } from '../catalogue/kinds.js';
import { choiceOf, rawChoices } from './rawChoices.js';

/** `severity_code__id`: no field of SOAR has two underscores in its name. */
const named = (field: string): string => `${field}__id`;

/** With `ids=true`: a column with the id beside each column with a label. */
export function idFields({ fields }: TypeSchema): readonly WantedField[] {
  return [...fields.values()].flatMap((field): readonly WantedField[] => {
    const choice = choiceOf(field);
    if (choice === undefined) return [];
    const isNumber = choice === 'one' && [...field.options.values()].every(({ value }) => typeof value === 'number');
    return [{ field: named(field.name), kind: isNumber ? 'integer' : 'label' }];
  });
}

/** The ids, several joined by `, ` as the labels are. */
export function idValues(event: FeedEvent): Readonly<Record<string, FlatValue>> {
  const values: [string, FlatValue][] = [];
  for (const field of event.schema.fields.values()) {
    const choice = choiceOf(field);
    if (choice === undefined) continue;
    const ids = rawChoices(event, field);
    values.push([named(field.name), choice === 'many' ? ids.join(', ') : (ids[0] ?? null)]);
  }
  return Object.fromEntries(values);
}
