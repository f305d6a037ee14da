import type { FeedEvent, FieldSchema, TypeSchema } from '@soar-feed/core';
import { lossName } from './carryFields.js';
import type { FieldLosses } from './FieldLosses.js';
import { isEmpty } from '../fields/isEmpty.js';
import { isoOf } from './isoOf.js';
import type { TargetCatalog } from './TargetCatalog.js';
import { fieldKey } from '../fields/TranslatedField.js';
import type { TranslatedField } from '../fields/TranslatedField.js';

/** Put into a text that the target requires and the source does not have. */
export const PLACEHOLDER_TEXT = '(not set at the source)';

/**
 * Fills fields that the target requires and the source leaves unset, so that the object is not refused: a select with
 * its default (else its first) option, a text with a placeholder, a number with 0, a boolean with false, a date with
 * the source's own date. Each is a loss of kind `required`. A required person cannot be made up and stays unset.
 */
export function fillRequired(
  fields: readonly TranslatedField[],
  required: 'always' | 'close',
  target: TypeSchema,
  event: FeedEvent,
  catalog: TargetCatalog,
  losses: FieldLosses,
): TranslatedField[] {
  const filled = new Map(fields.map((field) => [fieldKey(field), field]));
  for (const field of target.fields.values()) {
    // The server sets the workspace by itself.
    if (field.required !== required || field.readOnly || field.name === 'workspace') continue;
    const key = fieldKey(
      field.prefix === undefined ? { name: field.name } : { name: field.name, prefix: field.prefix },
    );
    if (!isEmpty(filled.get(key)?.value)) continue;
    const stand = standIn(field, target.name, event, catalog);
    losses.add('required', lossName(field.name, field.prefix), stand?.label ?? 'unset');
    if (stand === undefined) continue;
    const { name, inputType, prefix } = field;
    filled.set(key, { name, ...(prefix === undefined ? {} : { prefix }), inputType, value: stand.value });
  }
  return [...filled.values()];
}

function standIn(
  field: FieldSchema,
  type: string,
  event: FeedEvent,
  catalog: TargetCatalog,
): { readonly value: unknown; readonly label: string } | undefined {
  switch (field.inputType) {
    case 'select':
    case 'multiselect': {
      const option = catalog.defaultOption(type, field.name);
      if (option === undefined) return undefined;
      return { value: field.inputType === 'select' ? option.value : [option.value], label: option.label };
    }
    case 'text':
      return { value: PLACEHOLDER_TEXT, label: PLACEHOLDER_TEXT };
    case 'textarea':
      return {
        value: field.richText ? { format: 'text', content: PLACEHOLDER_TEXT } : PLACEHOLDER_TEXT,
        label: PLACEHOLDER_TEXT,
      };
    case 'number':
      return { value: 0, label: '0' };
    case 'boolean':
      return { value: false, label: 'false' };
    case 'datepicker':
    case 'datetimepicker': {
      const ms = sourceDate(event);
      return { value: ms, label: isoOf(ms) };
    }
    default:
      return undefined;
  }
}

/** The object's own discovery or creation date, else when the event was observed. */
function sourceDate({ payload, observedAtMs }: FeedEvent): number {
  const dates = [payload['discovered_date'], payload['create_date'], payload['init_date'], payload['date']];
  return dates.find((date): date is number => typeof date === 'number') ?? observedAtMs;
}
