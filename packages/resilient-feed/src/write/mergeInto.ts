import type { SoarObject } from '@soar-feed/core';
import { toBody } from '../translate/bodies.js';
import type { TranslatedField } from '../translate/TranslatedField.js';

/** The whole object for a PUT: as the target has it, with these fields changed. */
export function mergeInto(current: SoarObject, fields: readonly TranslatedField[]): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...current };
  const sections = new Set(fields.map((field) => field.prefix));
  for (const [name, value] of Object.entries(toBody(fields))) {
    merged[name] = sections.has(name) ? { ...(current[name] as object | null), ...(value as object) } : value;
  }
  return merged;
}
