import { isDataTable, ownValue } from '@soar-feed/core';
import type { FeedEvent, FieldSchema } from '@soar-feed/core';

const SINGLE = ['select', 'select_owner', 'select_user'];
const MULTIPLE = ['multiselect', 'multiselect_members'];

/** Whether the field's values are picked from a list, one or many. */
export function choiceOf({ inputType }: FieldSchema): 'one' | 'many' | undefined {
  if (SINGLE.includes(inputType)) return 'one';
  return MULTIPLE.includes(inputType) ? 'many' : undefined;
}

/** The ids that the object has in the field; labels change when somebody renames an option, ids do not. */
export function rawChoices({ payload, schema }: FeedEvent, field: FieldSchema): readonly (number | string)[] {
  const value = isDataTable(schema)
    ? ownValue(cellOf(payload['cells'], field), 'value')
    : ownValue(field.prefix === undefined ? payload : ownValue(payload, field.prefix), field.name);
  return [value].flat().flatMap((one: unknown) => {
    const id = ownValue(one, 'id') ?? one;
    return typeof id === 'number' || typeof id === 'string' ? [id] : [];
  });
}

function cellOf(cells: unknown, { id, name }: FieldSchema): unknown {
  return ownValue(cells, String(id)) ?? ownValue(cells, name);
}
