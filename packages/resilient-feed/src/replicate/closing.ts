import type { Digests } from '../mapping/Digests.js';
import { fieldKey } from '../fields/TranslatedField.js';
import type { TranslatedField } from '../fields/TranslatedField.js';

/** Whether these fields close the incident. */
export function closesLast(fields: readonly TranslatedField[]): boolean {
  return fields.some((field) => field.closing && field.name === 'plan_status' && field.value === 'C');
}

/** All fields but those that close the incident. These are sent once its objects are there. */
export function withoutClosing(fields: readonly TranslatedField[]): readonly TranslatedField[] {
  return fields.filter((field) => !field.closing);
}

/**
 * What was sent last, without the fields that close the incident: a close that was begun may or may not have happened.
 */
export function withoutClosingDigests(digests: Digests, fields: readonly TranslatedField[]): Digests {
  const closing = new Set(fields.filter((field) => field.closing).map(fieldKey));
  return Object.fromEntries(Object.entries(digests).filter(([key]) => !closing.has(key)));
}

/** The fields of the same incident, open, as it is created. */
export function opened(fields: readonly TranslatedField[]): readonly TranslatedField[] {
  const status = fields.find((field) => field.name === 'plan_status');
  const open = status === undefined ? [] : [{ name: status.name, inputType: status.inputType, value: 'A' }];
  return [...withoutClosing(fields), ...open];
}
