import { asBag, own, put } from './bag.js';
import type { Bag } from './bag.js';
import { invalid } from './PlatformError.js';
import { isMulti } from './schema/TypeDef.js';
import type { Field, TypeDef } from './schema/TypeDef.js';
import type { ValueReader } from './values/readValue.js';

/**
 * Applies the body of a write to the fields of an object. It works on a copy, so that a refused write changes nothing.
 */
export class FieldWriter {
  constructor(private readonly reader: ValueReader) {}

  /**
   * Returns a copy of `current` with the writable fields of `body`. Ignores read-only and unknown fields, refuses
   * unknown custom fields. `absent: 'cleared'` empties the fields that the body omits, except those in `kept`.
   */
  stage(type: TypeDef, current: Bag, body: Bag, absent: 'kept' | 'cleared', kept: readonly string[] = []): Bag {
    checkCustomNames(type, body);
    const staged: Bag = { ...current };
    const sections = new Set<string>();
    for (const field of type.fields.values()) {
      if (field.readOnly) continue;
      let [target, sent] = [staged, body];
      if (field.prefix !== null) {
        if (!sections.has(field.prefix)) {
          sections.add(field.prefix);
          staged[field.prefix] = { ...asBag(current[field.prefix]) };
        }
        [target, sent] = [asBag(staged[field.prefix]), asBag(body[field.prefix])];
      }
      // A field that the server fills is never empty: null counts as absent.
      const value = own(sent, field.name);
      if (value === null && kept.includes(field.name)) continue;
      if (value !== undefined) put(target, field.name, this.reader.read(field, value, own(target, field.name)));
      else if (absent === 'cleared' && !kept.includes(field.name)) put(target, field.name, isMulti(field) ? [] : null);
    }
    return staged;
  }

  /** Throws 400 that names every required field without a value. */
  checkRequired(type: TypeDef, object: Bag, level: 'always' | 'close'): void {
    const missing: string[] = [];
    for (const field of type.fields.values())
      if (field.required === level && !field.readOnly && isEmpty(valueOf(field, object))) missing.push(field.name);
    if (missing.length === 0) return;
    const message = missing.map((name) => `Field ${name.replaceAll('_', ' ')} is required.`).join(' ');
    throw invalid(message, ['field_defs']);
  }

  /** Empty values for every field of the type, sections included. */
  blank(type: TypeDef): Bag {
    const blank: Bag = {};
    for (const field of type.fields.values()) {
      let target = blank;
      if (field.prefix !== null) target = (blank[field.prefix] ??= {}) as Bag;
      put(target, field.name, isMulti(field) ? [] : null);
    }
    return blank;
  }
}

export function valueOf(field: Field, object: Bag): unknown {
  return own(field.prefix === null ? object : asBag(object[field.prefix]), field.name);
}

function checkCustomNames(type: TypeDef, body: Bag): void {
  if (type.name !== 'incident') return;
  for (const name of Object.keys(asBag(body['properties'])))
    if (type.fields.get(name)?.prefix !== 'properties') throw invalid(`Invalid field name: ${name}`);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
