import { ownValue } from '@soar-feed/core';
import type { SoarObject } from '@soar-feed/core';
import { readTextArea } from '../fields/richText.js';
import type { NaturalKey } from '../mapping/Intent.js';
import type { TargetRef } from '../mapping/Mapping.js';
import { equalValues } from '../translate/normalise.js';
import type { TranslatedField } from '../fields/TranslatedField.js';

/** An object as the target has it. */
export interface TargetObject {
  readonly target: TargetRef;
  /** The version that an update must carry, if the type has one. */
  readonly version?: number;
  /** Target id of the parent note or artifact; `null` at the top level. */
  readonly parentId?: number | null;
  /** Target's clock, ms. */
  readonly createdAtMs?: number;
  /** Principal's id. */
  readonly createdBy?: number;
  /** The value of one of our fields. */
  value(field: TranslatedField): unknown;
}

/** Whether the object has this key. Nothing has an empty key. */
export function hasKey(object: TargetObject, key: NaturalKey): boolean {
  return key.length > 0 && key.every((field) => equalValues(field, object.value(field), field.value));
}

/** Whether a note was deleted and stays as a blank frame for its replies. */
export function isFrame(note: TargetObject): boolean {
  return note.value({ name: 'is_deleted', inputType: 'boolean', value: true }) === true;
}

/** The value of a field in a plain DTO, where sections are nested objects. */
export function currentValue(dto: SoarObject, field: TranslatedField): unknown {
  return ownValue(field.prefix === undefined ? dto : ownValue(dto, field.prefix), field.name);
}

/** The id in a handle, which is a number or an object with an id. */
export function idOf(handle: unknown): number | undefined {
  if (typeof handle === 'number') return handle;
  if (typeof handle === 'object' && handle !== null && 'id' in handle && typeof handle.id === 'number')
    return handle.id;
  return undefined;
}

/** `{ [name]: value }`, or `{}` if the value is not a number: for optional properties. */
export function optionalNumber<K extends string>(name: K, value: unknown): { readonly [key in K]?: number } {
  return typeof value === 'number' ? ({ [name]: value } as { [key in K]: number }) : {};
}

/** The text of a note in the target, as HTML. */
export function textOf(note: TargetObject): string {
  return readTextArea(note.value({ name: 'text', inputType: 'textarea', value: null }), undefined)?.text ?? '';
}
