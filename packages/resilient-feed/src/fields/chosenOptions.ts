import type { FieldSchema } from '@soar-feed/core';

/** One selected option, as far as the source tells. */
export interface ChosenOption {
  readonly id?: number | string;
  readonly label?: string;
}

/**
 * The selected options of a select, person or multiselect field, which come as ids (queue, GET), `{id, name}` (search)
 * or labels. Labels of the event's own schema win, because they are those of the moment of the change.
 */
export function chosenOptions(value: unknown, source: FieldSchema | undefined): ChosenOption[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => chosenOptions(item, source));
  if (typeof value === 'object') {
    const { id, name } = value as { id?: unknown; name?: unknown };
    const known = labelOf(id, source) ?? (typeof name === 'string' ? name : undefined);
    return [{ ...(isId(id) ? { id } : {}), ...(known === undefined ? {} : { label: known }) }];
  }
  if (!isId(value)) return [];
  const label = labelOf(value, source);
  if (label !== undefined) return [{ id: value, label }];
  return [typeof value === 'string' ? { id: value, label: value } : { id: value }];
}

function labelOf(id: unknown, source: FieldSchema | undefined): string | undefined {
  return isId(id) ? source?.options.get(String(id))?.label : undefined;
}

function isId(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}
