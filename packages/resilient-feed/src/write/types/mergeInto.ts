import { ownValue } from '@soar-feed/core';
import type { SoarObject } from '@soar-feed/core';
import { toBody } from '../../translate/bodies.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';

/** The whole object for a PUT: the target's own, with these fields changed. */
export function mergeInto(current: SoarObject, fields: readonly TranslatedField[]): Record<string, unknown> {
  const merged = new Map<string, unknown>(Object.entries(current));
  const sections = new Set(fields.map((field) => field.prefix));
  for (const [name, value] of Object.entries(toBody(fields))) {
    merged.set(
      name,
      sections.has(name) ? { ...(ownValue(current, name) as object | null), ...(value as object) } : value,
    );
  }
  return Object.fromEntries(merged);
}
