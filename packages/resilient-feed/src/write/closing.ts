import type { TranslatedField } from '../translate/TranslatedField.js';

/** Whether these fields close the incident. */
export function closesLast(fields: readonly TranslatedField[]): boolean {
  return fields.some((field) => field.closing && field.name === 'plan_status' && field.value === 'C');
}

/** All but what closes it: that is sent once the incident's objects are there. */
export function withoutClosing(fields: readonly TranslatedField[]): readonly TranslatedField[] {
  return fields.filter((field) => !field.closing);
}

/** The same incident as it is created: open. */
export function opened(fields: readonly TranslatedField[]): readonly TranslatedField[] {
  const status = fields.find((field) => field.name === 'plan_status');
  const open = status === undefined ? [] : [{ name: status.name, inputType: status.inputType, value: 'A' }];
  return [...withoutClosing(fields), ...open];
}
